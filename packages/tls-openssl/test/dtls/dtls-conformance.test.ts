import { dtlsConformance } from "@fairlead/conformance/dtls";
import { datagramBackend } from "@fairlead/tls/datagram";
import { openSslDatagramLibrary } from "../../src/dtls/dtls-library.ts";

const library = openSslDatagramLibrary();
const openssl = { name: "openssl", ...datagramBackend(library) };

dtlsConformance("openssl", { client: openssl, server: openssl, live: () => library.live.size });
