const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Who the client chose to be. */
export interface IdentityChoice {
  /** SHA-256 of the certificates in hexadecimal; `null` for nobody. */
  readonly identity: string | null;
}

/** Writes a choice for a store, as JSON text in UTF-8. */
export function encodeIdentityChoice({ identity }: IdentityChoice): Uint8Array {
  return encoder.encode(JSON.stringify({ identity }));
}

/** Reads what {@link encodeIdentityChoice} made; `undefined` for anything else. */
export function decodeIdentityChoice(bytes: Uint8Array): IdentityChoice | undefined {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("identity" in value)) return undefined;
  const { identity } = value;
  if (identity === null) return { identity };
  return typeof identity === "string" && /^[0-9a-f]{64}$/.test(identity) ? { identity } : undefined;
}
