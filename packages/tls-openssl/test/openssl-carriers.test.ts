import { tcpPair, unixPair } from "@fairlead/conformance/stream";
import { carrierConformance } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "../src/index.ts";

const descriptor = loadOpensslTls();
const stream = loadOpensslTls({ carrier: "stream" });
const both = { client: descriptor, server: descriptor, reportsTruncation: true };
const mixed = { client: descriptor, server: stream, reportsTruncation: true };

carrierConformance("openssl by descriptor, over tcp", both, () => tcpPair(true));
carrierConformance("openssl by descriptor, over a unix socket", both, () => unixPair(true));
carrierConformance("openssl by descriptor to stream, over tcp", mixed, () => tcpPair(true));
