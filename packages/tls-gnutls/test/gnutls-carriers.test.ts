import { tcpPair, unixPair } from "@fairlead/conformance/stream";
import { carrierConformance } from "@fairlead/conformance/tls";
import { loadGnutlsTls } from "../src/index.ts";

const descriptor = loadGnutlsTls();
const stream = loadGnutlsTls({ carrier: "stream" });
const both = { client: descriptor, server: descriptor, reportsTruncation: true };
const mixed = { client: descriptor, server: stream, reportsTruncation: true };

carrierConformance("gnutls by descriptor, over tcp", both, () => tcpPair(true));
carrierConformance("gnutls by descriptor, over a unix socket", both, () => unixPair(true));
carrierConformance("gnutls by descriptor to stream, over tcp", mixed, () => tcpPair(true));
