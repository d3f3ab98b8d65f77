import { tlsConformance } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { loadGnutlsTls } from "../src/index.ts";

const gnutls = loadGnutlsTls();
const openssl = loadOpensslTls();

tlsConformance("gnutls to openssl", { client: gnutls, server: openssl, reportsTruncation: true });
tlsConformance("openssl to gnutls", { client: openssl, server: gnutls, reportsTruncation: true });
