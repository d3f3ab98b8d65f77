import { soakConnections } from "@fairlead/conformance/tls";
import { loadGnutlsTls } from "../../src/index.ts";

console.log(JSON.stringify(await soakConnections(loadGnutlsTls(), 10_000)));
