import { keySuite } from "@fairlead/conformance/tls";
import { memoryPair } from "@fairlead/transport";
import { nodeTls } from "../src/node/index.ts";

keySuite(
  "node",
  { client: nodeTls, server: nodeTls, reportsTruncation: false },
  { updates: [], tellMasterSecret: [] },
  async () => memoryPair({ allowHalfOpen: true }),
);
