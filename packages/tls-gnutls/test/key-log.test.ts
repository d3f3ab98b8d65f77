import { keyLogSuite } from "@fairlead/conformance/tls";
import { nodeTls } from "@fairlead/tls/node";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { memoryPair } from "@fairlead/transport";
import { loadGnutlsTls } from "../src/index.ts";

const gnutls = loadGnutlsTls();
const openssl = loadOpensslTls();
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

keyLogSuite("gnutls", { client: gnutls, server: gnutls, reportsTruncation: true }, memory);
keyLogSuite("gnutls to node", { client: gnutls, server: nodeTls, reportsTruncation: true }, memory);
keyLogSuite("node to gnutls", { client: nodeTls, server: gnutls, reportsTruncation: false }, memory);
keyLogSuite("gnutls to openssl", { client: gnutls, server: openssl, reportsTruncation: true }, memory);
keyLogSuite("openssl to gnutls", { client: openssl, server: gnutls, reportsTruncation: true }, memory);
