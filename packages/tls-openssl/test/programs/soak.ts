import { soakConnections } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "../../src/index.ts";

console.log(JSON.stringify(await soakConnections(loadOpensslTls(), 10_000)));
