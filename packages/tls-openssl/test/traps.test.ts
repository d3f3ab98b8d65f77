import { engineTraps, watchCallbacks } from "@fairlead/conformance/tls";
import koffi from "koffi";
import { OpenSslEngine } from "../src/openssl-engine.ts";
import { openSslLibrary } from "../src/openssl-library.ts";

const callbacks = watchCallbacks(koffi, OpenSslEngine.prototype);

engineTraps("OpenSSL", openSslLibrary(), callbacks);
