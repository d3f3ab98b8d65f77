import { keyLogSuite } from "@fairlead/conformance/tls";
import { nodeTls } from "@fairlead/tls/node";
import { memoryPair } from "@fairlead/transport";
import { loadGnutlsTls } from "../src/index.ts";

const gnutls = loadGnutlsTls();
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

keyLogSuite("gnutls", { client: gnutls, server: gnutls, reportsTruncation: true }, memory);
keyLogSuite("gnutls to node", { client: gnutls, server: nodeTls, reportsTruncation: true }, memory);
keyLogSuite("node to gnutls", { client: nodeTls, server: gnutls, reportsTruncation: false }, memory);
