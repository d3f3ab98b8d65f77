import { datagramEngineSuite } from "@fairlead/conformance/dtls";
import { DtlsEngine } from "../../src/dtls/dtls-engine.ts";
import { openSslDatagramLibrary } from "../../src/dtls/dtls-library.ts";

datagramEngineSuite("OpenSSL", {
  library: openSslDatagramLibrary(),
  prototype: DtlsEngine.prototype,
  callbacks: [
    ["verify", false],
    ["clientKey", true],
    ["serverKey", true],
  ],
});
