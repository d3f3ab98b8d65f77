const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Addresses of one name that are kept: more than that nobody tries. */
const ADDRESSES_LIMIT = 32;

/** Writes the addresses of a name for a store, as JSON text in UTF-8. */
export function encodeAddresses(addresses: readonly string[]): Uint8Array {
  return encoder.encode(JSON.stringify(addresses.slice(0, ADDRESSES_LIMIT)));
}

/** Reads what {@link encodeAddresses} made: IP literals, at least one; `undefined` for anything else. */
export function decodeAddresses(bytes: Uint8Array): readonly string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > ADDRESSES_LIMIT) return undefined;
  return value.every(isAddress) ? value : undefined;
}

function isAddress(value: unknown): value is string {
  if (typeof value !== "string") return false;
  const host = URL.parse(`http://${value.includes(":") ? `[${value}]` : value}`)?.hostname;
  // A name resolves to names nowhere.
  return host !== undefined && (host.startsWith("[") || host === value) && /^(?:[\d.]+|[\da-f:.]+)$/i.test(value);
}
