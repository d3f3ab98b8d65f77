import type { CoapContext } from "../exchange.ts";

/** Makes what tells one peer, as one identity, from all others: nothing that is kept for one is given to another. */
export function peerKey({ scheme, peer, security }: Pick<CoapContext, "scheme" | "peer" | "security">): string {
  return security === undefined ? `${scheme} ${peer}` : `${scheme} ${peer} ${JSON.stringify(security)}`;
}
