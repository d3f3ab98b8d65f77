import { fuzzLibrary, watchCallbacks } from "@fairlead/conformance/tls";
import koffi from "koffi";
import { GnuTlsEngine } from "../../src/gnutls-engine.ts";
import { gnuTlsLibrary } from "../../src/gnutls-library.ts";

const callbacks = watchCallbacks(koffi, GnuTlsEngine.prototype);
console.log(JSON.stringify(await fuzzLibrary(gnuTlsLibrary("libgnutls.so.30"), callbacks)));
