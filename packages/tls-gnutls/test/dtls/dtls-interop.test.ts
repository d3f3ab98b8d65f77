import { dtlsInterop } from "@fairlead/conformance/dtls";
import { datagramBackend } from "@fairlead/tls/datagram";
import { gnuTlsDatagramLibrary } from "../../src/dtls/dtls-library.ts";

dtlsInterop("gnutls", datagramBackend(gnuTlsDatagramLibrary("libgnutls.so.30")));
