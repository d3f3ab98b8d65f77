import type { HstsEntry } from "./known-hosts.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Formats an entry for a store, as JSON text in UTF-8. */
export function encodeHstsEntry(entry: HstsEntry): Uint8Array {
  return encoder.encode(JSON.stringify({ includeSubDomains: entry.includeSubDomains }));
}

/** Reads what {@link encodeHstsEntry} made; `undefined` for anything else. */
export function decodeHstsEntry(bytes: Uint8Array): HstsEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("includeSubDomains" in value)) return undefined;
  return typeof value.includeSubDomains === "boolean" ? { includeSubDomains: value.includeSubDomains } : undefined;
}
