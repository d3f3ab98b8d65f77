import { keySuite } from "@fairlead/conformance/tls";
import { memoryPair } from "@fairlead/transport";
import { loadGnutlsTls } from "../src/index.ts";

const gnutls = loadGnutlsTls();

keySuite(
  "gnutls",
  { client: gnutls, server: gnutls, reportsTruncation: true },
  { updates: ["client", "server"], tellMasterSecret: ["client", "server"] },
  async () => memoryPair({ allowHalfOpen: true }),
);
