import { engineStaplingSuite, staplingSuite } from "@fairlead/conformance/tls";
import { nodeTls } from "@fairlead/tls/node";
import { memoryPair } from "@fairlead/transport";
import { loadOpensslTls } from "../src/index.ts";
import { openSslLibrary } from "../src/openssl-library.ts";

const openssl = loadOpensslTls();
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

engineStaplingSuite("openssl", openSslLibrary());
staplingSuite("openssl", { client: openssl, server: openssl, reportsTruncation: true }, memory);
staplingSuite("node to openssl", { client: nodeTls, server: openssl, reportsTruncation: false }, memory);
