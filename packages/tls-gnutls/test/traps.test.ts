import { engineTraps, watchCallbacks } from "@fairlead/conformance/tls";
import koffi from "koffi";
import { GnuTlsEngine } from "../src/gnutls-engine.ts";
import { gnuTlsLibrary } from "../src/gnutls-library.ts";

const callbacks = watchCallbacks(koffi, GnuTlsEngine.prototype);

engineTraps("GnuTLS", gnuTlsLibrary("libgnutls.so.30"), callbacks);
