import type { Alternative } from "./lesson.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Formats an alternative for a store, as JSON text in UTF-8. */
export function encodeAlternative({ host, port, persist }: Alternative): Uint8Array {
  return encoder.encode(JSON.stringify({ host, port, persist }));
}

/** Reads what {@link encodeAlternative} made; `undefined` for anything else. */
export function decodeAlternative(bytes: Uint8Array): Alternative | undefined {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { host, port, persist } = value as Partial<Record<keyof Alternative, unknown>>;
  const isHost = typeof host === "string" && host !== "";
  const isPort = typeof port === "number" && Number.isInteger(port) && port > 0 && port < 65_536;
  return isHost && isPort && typeof persist === "boolean" ? { host, port, persist } : undefined;
}
