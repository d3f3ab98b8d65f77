import { verdictKey } from "../verdict/verdict-memory.ts";
import type { NodeTlsSocket } from "./node-tls-socket.ts";
import { takeSentCertificates } from "./peer-certificate.ts";

/** What peers sent and node:tls does not hand out: it follows one issuer for each certificate, and may stop early. */
export interface WithheldCertificates {
  /**
   * Finds out what was sent behind the leaf, DER, in the order sent; from a peer that showed the same chain not long ago
   * if there was one. `undefined` when it cannot be had.
   */
  behind(socket: NodeTlsSocket): readonly Uint8Array[] | undefined;
}

/**
 * Makes a memory of what was sent. Node never frees what is taken out of a connection (some 8 KiB for a certificate, Node
 * 24.21): what was sent with one of the `maxChains` chains that were asked for last is not taken again within
 * `maxAgeMilliseconds`, and nothing is taken any more once `maxLost` certificates are lost.
 */
export function withheldCertificates({
  now = Date.now,
  maxAgeMilliseconds = 3_600_000,
  maxChains = 64,
  maxLost = 1_024,
}: {
  readonly now?: () => number;
  readonly maxAgeMilliseconds?: number;
  readonly maxChains?: number;
  readonly maxLost?: number;
} = {}): WithheldCertificates {
  const known = new Map<string, Taken>();
  let lost = 0;

  function isRecent({ since }: Taken): boolean {
    const age = now() - since;
    return age >= 0 && age <= maxAgeMilliseconds;
  }

  function take(socket: NodeTlsSocket): Taken | undefined {
    if (lost >= maxLost) return undefined;
    const sent = takeSentCertificates(socket).slice(1);
    lost += sent.length;
    // Of a connection that was closed there is nothing left, which says nothing of the next one.
    return sent.length === 0 ? undefined : { since: now(), sent };
  }

  return {
    behind(socket) {
      const key = verdictKey([], socket.getPeerChain());
      const remembered = known.get(key);
      const taken = remembered !== undefined && isRecent(remembered) ? remembered : (take(socket) ?? remembered);
      if (taken === undefined) return undefined;
      known.delete(key);
      known.set(key, taken);
      const [oldest] = known.keys();
      if (known.size > maxChains && oldest !== undefined) known.delete(oldest);
      return taken.sent;
    },
  };
}

/** What a peer sent behind its leaf, and when. */
interface Taken {
  readonly since: number;
  readonly sent: readonly Uint8Array[];
}
