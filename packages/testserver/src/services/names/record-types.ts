const numbers: Readonly<Record<string, number>> = {
  ...{ A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, HINFO: 13, MX: 15, TXT: 16, AAAA: 28, SRV: 33, DNAME: 39 },
  ...{ OPT: 41, RRSIG: 46, TLSA: 52, SVCB: 64, HTTPS: 65, IXFR: 251, AXFR: 252, ANY: 255, CAA: 257 },
};

const names: ReadonlyMap<number, string> = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));

/** The name of a type of records; its number where it has none here. */
export function typeName(type: number): string {
  return names.get(type) ?? String(type);
}

/** The number of a type of records. */
export function typeNumber(type: string | number): number {
  return typeof type === "number" ? type : (numbers[type] ?? 0);
}
