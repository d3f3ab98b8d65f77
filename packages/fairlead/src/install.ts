/**
 * Makes the global `fetch` that of the default manager, by being imported: `node --import fairlead/install app.js`.
 * An application that opens a manager of its own calls `install(manager)` instead.
 */
import { install } from "@fairlead/access";

install();
