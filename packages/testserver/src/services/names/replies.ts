import type { NameQuestion, NameRecord, NameReply } from "./test-name.ts";

/** Response codes. RFC 1035 section 4.1.1, RFC 6891 section 9, RFC 7873 section 8. */
export const rcodes = {
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
  badVersion: 16,
  badCookie: 23,
} as const;

/** The zone of names that misbehave. */
export const namesZone = "names.test";

/** An address that leads nowhere (RFC 5737), and what a name has that is public. */
export const publicAddress = "192.0.2.1";

/** An IPv6 address that leads nowhere (RFC 3849). */
export const publicAddress6 = "2001:db8::1";

/** Addresses of the network, as the question asks for them. */
export function addressesOf({ host }: Pick<NameQuestion, "host">): { readonly A: string[]; readonly AAAA: string[] } {
  if (host === "0.0.0.0") return { A: ["127.0.0.1"], AAAA: [] };
  if (host === "::") return { A: ["127.0.0.1"], AAAA: ["::1"] };
  return host.includes(":") ? { A: [], AAAA: [host] } : { A: [host], AAAA: [] };
}

/** Addresses as records. */
export function a(...addresses: readonly string[]): NameRecord[] {
  return addresses.map((data) => ({ type: "A", data }));
}

/** IPv6 addresses as records. */
export function aaaa(...addresses: readonly string[]): NameRecord[] {
  return addresses.map((data) => ({ type: "AAAA", data }));
}

/** The network's own addresses, of the type that was asked for, for one name or the one asked for. */
export function good(question: NameQuestion, owner?: string): NameRecord[] {
  const { A, AAAA } = addressesOf(question);
  const records = question.type === "A" ? a(...A) : question.type === "AAAA" ? aaaa(...AAAA) : [];
  return owner === undefined ? records : records.map((record) => ({ ...record, owner }));
}

/** Answers with the records of the type that was asked for, and says "none of these" where there are none. */
export function records(question: NameQuestion, all: readonly NameRecord[]): NameReply {
  const answers = all.filter(({ type }) => type === question.type || String(type) === question.type);
  return answers.length > 0 ? { answers } : noData(question);
}

/** The name is there, and has no such record. RFC 2308 section 2.2. */
export function noData(question: Pick<NameQuestion, "name">): NameReply {
  return { authorities: [startOfAuthority(zoneOf(question.name))] };
}

/** The name is not there. RFC 2308 section 2.1. */
export function nameError(question: Pick<NameQuestion, "name">): NameReply {
  return { rcode: rcodes.nameError, ...noData(question) };
}

/** Who is responsible for a zone; its last number is how long it is remembered that something is not there. */
export function startOfAuthority(zone: string): NameRecord {
  return {
    type: "SOA",
    owner: zone,
    data: {
      mname: `ns.${zone}`,
      rname: `hostmaster.${zone}`,
      serial: 2024010101,
      refresh: 7200,
      retry: 900,
      expire: 1_209_600,
      minimum: 60,
    },
  };
}

/** The zone that a name under `.test` belongs to: its last two labels. */
export function zoneOf(name: string): string {
  return name.split(".").slice(-2).join(".");
}

/** Bytes of text. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
