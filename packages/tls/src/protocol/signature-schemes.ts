import type { KeyType } from "@fairlead/core";

/**
 * Names the kinds of keys whose signatures a peer takes, from the schemes that it lists. Schemes for RSA keys that are
 * bound to PSS count for none: such keys are hardly ever in certificates.
 *
 * @see RFC 8446 section 4.2.3; RFC 8422 section 5.1.1; RFC 8734 for Brainpool
 */
export function keyTypesOf(schemes: readonly number[]): readonly KeyType[] {
  const found = new Set<KeyType>();
  for (const scheme of schemes) {
    const type = keyTypeOf(scheme);
    if (type !== undefined) found.add(type);
  }
  return [...found];
}

function keyTypeOf(scheme: number): KeyType | undefined {
  const known = schemeKeyTypes.get(scheme);
  if (known !== undefined) return known;
  // What TLS 1.2 had as pairs: hash (SHA-1 to SHA-512) and signature.
  const hash = scheme >> 8;
  if (hash < 2 || hash > 6) return undefined;
  switch (scheme & 0xff) {
    case 1:
      return "rsa";
    case 3:
      return "ec";
    default:
      return undefined;
  }
}

const schemeKeyTypes: ReadonlyMap<number, KeyType> = new Map([
  [0x0804, "rsa"],
  [0x0805, "rsa"],
  [0x0806, "rsa"],
  [0x0807, "ed25519"],
  [0x0808, "ed448"],
  [0x081a, "ec"],
  [0x081b, "ec"],
  [0x081c, "ec"],
]);
