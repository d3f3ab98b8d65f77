import { sendPastSlowReader } from "@fairlead/conformance/tls";
import { loadGnutlsTls } from "../../src/index.ts";

console.log(JSON.stringify(await sendPastSlowReader(loadGnutlsTls())));
