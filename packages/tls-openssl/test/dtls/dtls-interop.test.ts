import { dtlsInterop } from "@fairlead/conformance/dtls";
import { datagramBackend } from "@fairlead/tls/datagram";
import { openSslDatagramLibrary } from "../../src/dtls/dtls-library.ts";

dtlsInterop("openssl", datagramBackend(openSslDatagramLibrary()));
