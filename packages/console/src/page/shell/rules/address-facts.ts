import type { ListedTransaction } from "../../../protocol/index.ts";

/** What the address bar shows, of what it had fetched last. */
export interface AddressFacts {
  /** What came back from where; `undefined` where nothing did yet. */
  readonly url: string | undefined;
  /** What is asked for now; `undefined` where nothing is. */
  readonly pending: ListedTransaction | undefined;
  /** What the URL is of; `undefined` where there is none. */
  readonly opened: ListedTransaction | undefined;
  /** How the certificate of an https origin was found; `undefined` where nobody looked at one. */
  readonly security: { readonly origin: string; readonly trust: "verified" | "exception" | "refused" } | undefined;
}

/** An address that was fetched from here. */
export interface Visited {
  readonly url: string;
  readonly visits: number;
  /** Milliseconds since the epoch. */
  readonly lastVisit: number;
}

/** The requests that the console itself has made, the oldest first. */
export function ownTransactions(transactions: readonly ListedTransaction[]): readonly ListedTransaction[] {
  return transactions.filter(({ isOwn }) => isOwn);
}

/** What to show for the last of the requests that were made from here. While it is under way, the one before stays. */
export function addressFacts(own: readonly ListedTransaction[]): AddressFacts {
  const last = own.at(-1);
  const opened = own.findLast(({ state }) => state !== "under-way");
  return {
    url: opened?.lastUrl,
    pending: last?.state === "under-way" ? last : undefined,
    opened,
    security: opened === undefined ? undefined : securityOf(opened),
  };
}

/** The addresses that were fetched from here, without those that the person wants to be forgotten. */
export function visitsOf(own: readonly ListedTransaction[], forgotten: ReadonlySet<string>): readonly Visited[] {
  const visits = new Map<string, Visited>();
  for (const { url, state, startedAt } of own) {
    if (state !== "done" || forgotten.has(url)) continue;
    visits.set(url, { url, visits: (visits.get(url)?.visits ?? 0) + 1, lastVisit: startedAt });
  }
  return [...visits.values()];
}

function securityOf({ lastUrl, security, error }: ListedTransaction): AddressFacts["security"] {
  const origin = URL.parse(lastUrl)?.origin;
  if (origin?.startsWith("https:") !== true) return undefined;
  if (error?.startsWith("CERTIFICATE_") === true) return { origin, trust: "refused" };
  switch (security) {
    case "verified":
      return { origin, trust: "verified" };
    case "excepted":
      return { origin, trust: "exception" };
    case "insecure":
    case "none":
      return undefined;
  }
}
