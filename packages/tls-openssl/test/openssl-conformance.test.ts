import { tlsConformance } from "@fairlead/conformance/tls";
import { nodeTls } from "@fairlead/tls/node";
import { loadOpensslTls } from "../src/index.ts";

const openssl = loadOpensslTls();

tlsConformance("openssl", { client: openssl, server: openssl, reportsTruncation: true });
tlsConformance("openssl to node", {
  client: openssl,
  server: nodeTls,
  reportsTruncation: true,
  serverReportsTruncation: false,
});
tlsConformance("node to openssl", {
  client: nodeTls,
  server: openssl,
  reportsTruncation: false,
  serverReportsTruncation: true,
});
