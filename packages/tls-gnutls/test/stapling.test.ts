import { engineStaplingSuite, staplingSuite } from "@fairlead/conformance/tls";
import { nodeTls } from "@fairlead/tls/node";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { memoryPair } from "@fairlead/transport";
import { gnuTlsLibrary } from "../src/gnutls-library.ts";
import { loadGnutlsTls } from "../src/index.ts";

const gnutls = loadGnutlsTls();
const openssl = loadOpensslTls();
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

engineStaplingSuite("gnutls", gnuTlsLibrary("libgnutls.so.30"));
staplingSuite("gnutls", { client: gnutls, server: gnutls, reportsTruncation: true }, memory);
staplingSuite("node to gnutls", { client: nodeTls, server: gnutls, reportsTruncation: false }, memory);
staplingSuite("gnutls to openssl", { client: gnutls, server: openssl, reportsTruncation: true }, memory);
staplingSuite("openssl to gnutls", { client: openssl, server: gnutls, reportsTruncation: true }, memory);
