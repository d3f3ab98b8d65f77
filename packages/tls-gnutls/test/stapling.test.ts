import { staplingSuite } from "@fairlead/conformance/tls";
import { memoryPair } from "@fairlead/transport";
import { gnuTlsLibrary } from "../src/gnutls-library.ts";

staplingSuite("gnutls", gnuTlsLibrary("libgnutls.so.30"), async () => memoryPair({ allowHalfOpen: true }));
