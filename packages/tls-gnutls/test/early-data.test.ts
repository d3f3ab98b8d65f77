import { earlyDataSuite, transports } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { memoryPair } from "@fairlead/transport";
import { loadGnutlsTls } from "../src/index.ts";

const gnutls = loadGnutlsTls();
const openssl = loadOpensslTls();
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

for (const name of ["tcp", "a memory pair", "a stream that coalesces"]) {
  const open = transports.get(name) ?? memory;
  earlyDataSuite(`gnutls over ${name}`, { client: gnutls, server: gnutls, reportsTruncation: true }, open);
}
earlyDataSuite("gnutls to openssl", { client: gnutls, server: openssl, reportsTruncation: true }, memory);
earlyDataSuite("openssl to gnutls", { client: openssl, server: gnutls, reportsTruncation: true }, memory);
