import { parseWeighted, type WeightedMember } from "./weighted.ts";

/**
 * Chooses the media type of a response: the one that the client likes best, of several the first that is offered. For each
 * the most specific range counts that matches it. Without the field, everything is welcome.
 *
 * @param offered media types such as `text/html` or `text/html;level=1`, the best first.
 * @returns one of them; `undefined` when the client wants none: 406, or the first nevertheless.
 * @see RFC 9110 section 12.5.1
 */
export function chooseMediaType<Offered extends string>(
  accept: string | undefined,
  offered: readonly Offered[],
): Offered | undefined {
  if (accept === undefined || accept.trim() === "") return offered[0];
  const ranges = parseWeighted(accept);
  let best: { readonly type: Offered; readonly weight: number } | undefined;
  for (const type of offered) {
    const weight = weightOf(type, ranges);
    if (weight > (best?.weight ?? 0)) best = { type, weight };
  }
  return best?.type;
}

function weightOf(type: string, ranges: readonly WeightedMember[]): number {
  const [offered] = parseWeighted(type);
  let [weight, specificity] = [0, 0];
  if (offered === undefined) return weight;
  for (const range of ranges) {
    const own = specificityOf(range, offered);
    if (own > specificity) [weight, specificity] = [range.weight, own];
  }
  return weight;
}

/** How much a range says of a type that it matches; 0 where it does not. */
function specificityOf({ value, parameters }: WeightedMember, offered: WeightedMember): number {
  if (value === "*/*") return 1;
  if (value.endsWith("/*")) return offered.value.startsWith(value.slice(0, -1)) ? 2 : 0;
  const matches = parameters.every(([name, wanted]) =>
    offered.parameters.some(([own, is]) => own === name && is.toLowerCase() === wanted.toLowerCase()),
  );
  return value === offered.value && matches ? 3 + parameters.length : 0;
}
