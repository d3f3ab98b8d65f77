import { staplingSuite } from "@fairlead/conformance/tls";
import { memoryPair } from "@fairlead/transport";
import { openSslLibrary } from "../src/openssl-library.ts";

staplingSuite("openssl", openSslLibrary(), async () => memoryPair({ allowHalfOpen: true }));
