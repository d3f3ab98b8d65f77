import { Resolver, type RecordWithTtl } from "node:dns";
import { lookup } from "node:dns/promises";
import type { ResolvedName, ResolveName } from "./options.ts";

/** How long the answer of one family waits for that of the other. RFC 8305 section 3. */
const RESOLUTION_DELAY_MILLISECONDS = 50;

/** Which servers are asked. */
export interface DnsSettings {
  /** `host` or `host:port`, IPv6 in brackets with a port; those of the system by default. */
  readonly servers?: readonly string[];
}

/**
 * Makes what resolves names by asking name servers itself, and therefore knows how long answers are good for. AAAA and A
 * are asked for at the same time. The hosts file is not read; names without a dot, and `localhost`, are the system's.
 *
 * @throws TypeError for servers that cannot be.
 * @see RFC 8305 section 3
 *
 * @example
 * await using manager = await openNetworkAccessManager({ resolve: resolveByDns({ servers: ["192.0.2.53"] }) });
 */
export function resolveByDns({ servers }: DnsSettings = {}): ResolveName {
  const resolver = new Resolver();
  if (servers !== undefined) resolver.setServers(servers);
  return async (host) => {
    if (!host.includes(".") || /(?:^|\.)localhost\.?$/i.test(host)) {
      return { addresses: (await lookup(host, { all: true })).map(({ address }) => address) };
    }
    return joinFamilies(
      ask((callback) => resolver.resolve6(host, { ttl: true }, callback)),
      ask((callback) => resolver.resolve4(host, { ttl: true }, callback)),
      RESOLUTION_DELAY_MILLISECONDS,
    );
  };
}

/** Addresses of one family; what failed counts when the other family has none. */
export type FamilyAnswer =
  | { readonly records: readonly RecordWithTtl[] }
  | { readonly records: readonly []; readonly error: Error };

/**
 * Joins the answers of both families, IPv6 first. When one has addresses, the other is waited for a little: RFC 8305 lets
 * connecting begin with IPv6 alone, and here it begins with a list that is whole.
 */
export async function joinFamilies(
  ipv6: Promise<FamilyAnswer>,
  ipv4: Promise<FamilyAnswer>,
  delayMilliseconds: number,
): Promise<ResolvedName> {
  const answers: FamilyAnswer[] = [];
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  let timer: NodeJS.Timeout | undefined;
  const take = (place: number, answer: FamilyAnswer): void => {
    answers[place] = answer;
    if (answer.records.length > 0) timer ??= setTimeout(resolve, delayMilliseconds, undefined);
  };
  const both = [ipv6, ipv4].map((family, place) => family.then((answer) => take(place, answer)));
  await Promise.race([Promise.all(both), late]);
  clearTimeout(timer);
  const arrived = answers.flat();
  const records = arrived.flatMap((answer) => [...answer.records]);
  if (records.length > 0) {
    return {
      addresses: records.map(({ address }) => address),
      ttlSeconds: Math.min(...records.map(({ ttl }) => ttl)),
    };
  }
  for (const answer of arrived.reverse()) if ("error" in answer) throw answer.error;
  return { addresses: [] };
}

function ask(
  question: (callback: (error: Error | null, records: readonly RecordWithTtl[]) => void) => void,
): Promise<FamilyAnswer> {
  return new Promise((resolve) => {
    question((error, records) => {
      resolve(error === null ? { records } : { records: [], error });
    });
  });
}
