import { clientCertificateSuite } from "@fairlead/conformance/tls";
import { nodeTls } from "@fairlead/tls/node";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { memoryPair } from "@fairlead/transport";
import { loadGnutlsTls } from "../src/index.ts";

const gnutls = loadGnutlsTls();
const openssl = loadOpensslTls();
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

clientCertificateSuite(
  "gnutls",
  { client: gnutls, server: gnutls, reportsTruncation: true },
  { asks: false, resumes: true, saysWhy: true },
  memory,
);
clientCertificateSuite(
  "gnutls to node",
  { client: gnutls, server: nodeTls, reportsTruncation: true },
  { asks: false, resumes: false, saysWhy: false },
  memory,
);
clientCertificateSuite(
  "node to gnutls",
  { client: nodeTls, server: gnutls, reportsTruncation: false },
  { asks: false, resumes: true, saysWhy: true },
  memory,
);
clientCertificateSuite(
  "openssl to gnutls",
  { client: openssl, server: gnutls, reportsTruncation: true },
  { asks: true, resumes: true, saysWhy: true },
  memory,
);
clientCertificateSuite(
  "gnutls to openssl",
  { client: gnutls, server: openssl, reportsTruncation: true },
  { asks: false, resumes: true, saysWhy: true },
  memory,
);
