import { dtlsConformance } from "@fairlead/conformance/dtls";
import { datagramBackend } from "@fairlead/tls/datagram";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { gnuTlsDatagramLibrary } from "../../src/dtls/dtls-library.ts";

const library = gnuTlsDatagramLibrary("libgnutls.so.30");
const gnutls = { name: "gnutls", ...datagramBackend(library) };
const { name, connectDatagram, acceptDatagram } = loadOpensslTls();
if (connectDatagram === undefined || acceptDatagram === undefined) throw new Error("OpenSSL without datagrams");
const openssl = { name, connectDatagram, acceptDatagram };

dtlsConformance("gnutls to openssl", { client: gnutls, server: openssl, live: () => library.live.size });
dtlsConformance("openssl to gnutls", { client: openssl, server: gnutls, live: () => library.live.size });
