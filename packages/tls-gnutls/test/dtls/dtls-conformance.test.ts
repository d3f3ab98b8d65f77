import { dtlsConformance } from "@fairlead/conformance/dtls";
import { datagramBackend } from "@fairlead/tls/datagram";
import { gnuTlsDatagramLibrary } from "../../src/dtls/dtls-library.ts";

const library = gnuTlsDatagramLibrary("libgnutls.so.30");
const gnutls = { name: "gnutls", ...datagramBackend(library) };

dtlsConformance("gnutls", { client: gnutls, server: gnutls, live: () => library.live.size });
