import { carrierConformance } from "@fairlead/conformance/tls";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { mostOnTheWayBytes, multipathPair } from "./multipath-pair.ts";

// Both go past the streams of Node.js, by the descriptor.
for (const [name, tls] of [
  ["gnutls", loadGnutlsTls()],
  ["openssl", loadOpensslTls()],
] as const) {
  const pairing = { client: tls, server: tls, reportsTruncation: true };
  carrierConformance(
    `${name} by descriptor, over multipath TCP`,
    pairing,
    () => multipathPair(true),
    mostOnTheWayBytes,
  );
}
