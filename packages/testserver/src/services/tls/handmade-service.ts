import type { Script } from "../../handmade-tls/script.ts";
import type { StreamServiceEntry } from "../service-entry.ts";
import type { HttpsServiceTerms } from "./https-service.ts";

/** A service that speaks TLS by hand. */
export interface HandmadeServiceTerms<Name extends string> {
  readonly name: Name;
  /** One line that begins with a verb. */
  readonly does: string;
  readonly example?: string;
  readonly script: Script;
  /** Makes the certificate, on P-256, whatever its bytes are; the good one by default. */
  readonly mint?: HttpsServiceTerms<Name>["mint"];
}

/** Makes the service: it answers any request with a line of text, to clients that get so far. */
export function handmadeService<const Name extends string>(
  terms: HandmadeServiceTerms<Name>,
): StreamServiceEntry<Name> {
  const { name, does, script, mint } = terms;
  return {
    name,
    scheme: "https",
    does,
    example: terms.example ?? "curl --cacert {ca} {origin}/",
    followsClock: true,
    open: async (network, self) => {
      const { openHandmade } = await import("../../handmade-tls/index.ts");
      const identity = await mint?.(network.authorities, network.clock.now(), network);
      return openHandmade(network, self, script, identity);
    },
  };
}
