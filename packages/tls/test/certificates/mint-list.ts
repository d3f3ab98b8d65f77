import { algorithmOf, der, integer, type Keys, name, oid, signed, time } from "./mint.ts";

/** Makes a revocation list that is good for a day before and after now. RFC 5280 section 5.1. */
export function mintList(by: { readonly subject: string; readonly keys: Keys }, serials: readonly number[]): Buffer {
  const [before, after] = [-1, 1].map((days) => time(new Date(Date.now() + days * 86_400_000).toISOString()));
  const revoked = serials.map((serial) => der(0x30, integer(serial), time("2025-11-01")));
  const number = der(0x30, oid("2.5.29.20"), der(0x04, integer(1)));
  const content = [
    integer(1),
    algorithmOf(by.keys),
    name(by.subject),
    before ?? Buffer.alloc(0),
    after ?? Buffer.alloc(0),
    ...(revoked.length === 0 ? [] : [der(0x30, ...revoked)]),
    der(0xa0, der(0x30, number)),
  ];
  return signed(der(0x30, ...content), by.keys);
}
