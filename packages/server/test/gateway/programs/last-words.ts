/** A worker thread that says something and ends. */
import { openWorkerChannel } from "../../../src/gateway/worker-end/worker-channel.ts";

openWorkerChannel().write("last words", () => process.exit());
