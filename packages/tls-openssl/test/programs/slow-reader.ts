import { sendPastSlowReader } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "../../src/index.ts";

console.log(JSON.stringify(await sendPastSlowReader(loadOpensslTls())));
