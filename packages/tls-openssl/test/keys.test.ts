import { keySuite } from "@fairlead/conformance/tls";
import { nodeTls } from "@fairlead/tls/node";
import { memoryPair } from "@fairlead/transport";
import { loadOpensslTls } from "../src/index.ts";

const openssl = loadOpensslTls();
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

keySuite(
  "openssl",
  { client: openssl, server: openssl, reportsTruncation: true },
  { updates: ["client", "server"], tellMasterSecret: ["client", "server"] },
  memory,
);
keySuite(
  "openssl to node",
  { client: openssl, server: nodeTls, reportsTruncation: true },
  { updates: ["client"], tellMasterSecret: ["client"] },
  memory,
);
