import { clientCertificateSuite } from "@fairlead/conformance/tls";
import { nodeTls } from "@fairlead/tls/node";
import { memoryPair } from "@fairlead/transport";
import { loadOpensslTls } from "../src/index.ts";

const openssl = loadOpensslTls();
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

clientCertificateSuite(
  "openssl",
  { client: openssl, server: openssl, reportsTruncation: true },
  { asks: true, resumes: true, saysWhy: true },
  memory,
);
clientCertificateSuite(
  "openssl to node",
  { client: openssl, server: nodeTls, reportsTruncation: true },
  { asks: true, resumes: false, saysWhy: false },
  memory,
);
clientCertificateSuite(
  "node to openssl",
  { client: nodeTls, server: openssl, reportsTruncation: false },
  { asks: false, resumes: true, saysWhy: true },
  memory,
);
