import type { HopDetails, TransactionDetails } from "../../../protocol/index.ts";

/** One thing that happened on the way to the answer, as a person is told. */
export type Happened =
  /** Nobody was asked: the host is known to want https. */
  | { readonly type: "upgraded"; readonly url: string }
  | { readonly type: "redirected"; readonly status: number; readonly url: string; readonly to: string }
  | { readonly type: "cached"; readonly use: string; readonly ageSeconds: number; readonly url: string }
  /** A scheme that is no HTTP. */
  | { readonly type: "handled"; readonly url: string }
  | { readonly type: "answered"; readonly status: number; readonly url: string; readonly protocol: string }
  /** It was sent once more, for this reason. */
  | { readonly type: "repeated"; readonly reason: string; readonly url: string }
  /** A certificate that the server left out was found elsewhere. */
  | { readonly type: "repaired"; readonly from: string; readonly url: string }
  | { readonly type: "excepted"; readonly url: string }
  | { readonly type: "failed"; readonly url: string; readonly error: string }
  | { readonly type: "waiting"; readonly url: string };

/** What happened, in order. */
export function whatHappened({ hops, state, error }: TransactionDetails): readonly Happened[] {
  return hops.flatMap((hop, index) => {
    const isLast = index === hops.length - 1;
    const before: Happened[] = hop.repeats.map((reason) => ({ type: "repeated", reason, url: hop.url }));
    if (hop.tls?.repairedFrom !== undefined)
      before.push({ type: "repaired", from: hop.tls.repairedFrom, url: hop.url });
    if (hop.tls?.authorized === false && hop.status !== undefined) before.push({ type: "excepted", url: hop.url });
    const outcome = outcomeOf(hop, hops[index + 1]);
    if (isLast && state === "failed") {
      const failed: Happened = { type: "failed", url: hop.url, error: hop.error ?? error ?? "" };
      return [...before, ...(outcome.type === "waiting" ? [] : [outcome]), failed];
    }
    return [...before, outcome];
  });
}

function outcomeOf(hop: HopDetails, next: HopDetails | undefined): Happened {
  const { url, status, reason } = hop;
  if (reason === "hsts") return { type: "upgraded", url };
  if (reason === "cache" && hop.cache !== undefined) return { type: "cached", url, ...hop.cache };
  if (reason === "scheme") return { type: "handled", url };
  if (status === undefined) return { type: "waiting", url };
  if (reason === "redirect") return { type: "redirected", status, url, to: next?.url ?? hop.location ?? "" };
  return { type: "answered", status, url, protocol: hop.protocol };
}
