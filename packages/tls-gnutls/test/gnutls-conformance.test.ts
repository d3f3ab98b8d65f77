import { tlsConformance } from "@fairlead/conformance/tls";
import { nodeTls } from "@fairlead/tls/node";
import { loadGnutlsTls } from "../src/index.ts";

const gnutls = loadGnutlsTls();

tlsConformance("gnutls", { client: gnutls, server: gnutls, reportsTruncation: true });
tlsConformance("gnutls to node", {
  client: gnutls,
  server: nodeTls,
  reportsTruncation: true,
  serverReportsTruncation: false,
});
tlsConformance("node to gnutls", {
  client: nodeTls,
  server: gnutls,
  reportsTruncation: false,
  serverReportsTruncation: true,
});
