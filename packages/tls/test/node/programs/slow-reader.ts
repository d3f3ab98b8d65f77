import { sendPastSlowReader } from "@fairlead/conformance/tls";
import { nodeTls } from "../../../src/node/index.ts";

console.log(JSON.stringify(await sendPastSlowReader(nodeTls)));
