import { fuzzLibrary, watchCallbacks } from "@fairlead/conformance/tls";
import koffi from "koffi";
import { OpenSslEngine } from "../../src/openssl-engine.ts";
import { openSslLibrary } from "../../src/openssl-library.ts";

const callbacks = watchCallbacks(koffi, OpenSslEngine.prototype);
console.log(JSON.stringify(await fuzzLibrary(openSslLibrary(), callbacks)));
