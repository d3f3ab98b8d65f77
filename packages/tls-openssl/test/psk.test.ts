import { pskSuite } from "@fairlead/conformance/tls";
import { nodeTls } from "@fairlead/tls/node";
import { memoryPair } from "@fairlead/transport";
import { loadOpensslTls } from "../src/index.ts";

const openssl = loadOpensslTls();
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

pskSuite("openssl", { client: openssl, server: openssl, reportsTruncation: true }, { fallsBack: true }, memory);
pskSuite("openssl to node", { client: openssl, server: nodeTls, reportsTruncation: true }, { fallsBack: true }, memory);
pskSuite(
  "node to openssl",
  { client: nodeTls, server: openssl, reportsTruncation: false },
  { fallsBack: true },
  memory,
);
