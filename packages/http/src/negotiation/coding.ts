import { parseWeighted } from "./weighted.ts";

/**
 * Chooses the content coding of a response: the one that the client likes best, of several the first that is offered.
 * Without the field it is `identity`: clients that understand more say so.
 *
 * @param offered codings in lower case, the best first; `identity` need not be among them.
 * @returns `identity` for none; `undefined` when the client takes nothing that is offered, not even that.
 * @see RFC 9110 section 12.5.3
 */
export function chooseCoding(acceptEncoding: string | undefined, offered: readonly string[]): string | undefined {
  if (acceptEncoding === undefined) return "identity";
  const weights = new Map(parseWeighted(acceptEncoding).map(({ value, weight }) => [plainName(value), weight]));
  const others = weights.get("*");
  let best: { readonly coding: string; readonly weight: number } | undefined;
  for (const coding of offered) {
    const weight = weights.get(coding) ?? others ?? 0;
    if (weight > (best?.weight ?? 0)) best = { coding, weight };
  }
  const identity = weights.get("identity");
  // Not coded is always acceptable unless it is excluded, and preferred only if the client says so.
  if (best !== undefined && best.weight >= (identity ?? 0)) return best.coding;
  return (identity ?? (others === 0 ? 0 : 1)) > 0 ? "identity" : best?.coding;
}

/** RFC 9110 section 8.4.1: the names with `x-` mean the same. */
function plainName(coding: string): string {
  return coding === "x-gzip" || coding === "x-compress" ? coding.slice(2) : coding;
}
