import { fileURLToPath } from "node:url";
import { StoreError } from "@fairlead/core";

/** What a store URL names. */
export type StoreLocation =
  | { readonly type: "memory" }
  | { readonly type: "file"; readonly path: string }
  | { readonly type: "sqlite"; readonly path: string };

/**
 * Reads a store URL: `memory:`, `file:PATH` or `sqlite:PATH`. The scheme's case does not matter; the path is taken as
 * it is, unless it starts with `//`, which makes it a file URL (RFC 8089) with an empty or local authority.
 *
 * @throws StoreError STORE_URL_INVALID.
 */
export function parseStoreUrl(url: string): StoreLocation {
  const match = /^([a-z]+):(.*)$/is.exec(url);
  const scheme = match?.[1]?.toLowerCase();
  const rest = match?.[2] ?? "";
  if (scheme === "memory" && rest === "") return { type: "memory" };
  if ((scheme === "file" || scheme === "sqlite") && rest !== "") return { type: scheme, path: parsePath(url, rest) };
  throw new StoreError("STORE_URL_INVALID", { peer: withoutUserInfo(url), operation: "open" });
}

function parsePath(url: string, rest: string): string {
  try {
    const path = rest.startsWith("//") ? fileURLToPath(`file:${rest}`) : rest;
    if (!path.includes("\0")) return path;
  } catch {
    // What Node.js says of it repeats all of the URL, a password included.
    throw new StoreError("STORE_URL_INVALID", { peer: withoutUserInfo(url), operation: "open" });
  }
  throw new StoreError("STORE_URL_INVALID", { peer: url.replaceAll("\0", "\\0"), operation: "open" });
}

/** Whether a URL is for Redis, well-formed or not. */
export function isRedisUrl(url: string): boolean {
  return /^rediss?(?:\+[a-z]+)?:/i.test(url);
}

/** A URL as it may be shown, well-formed or not: a password that holds what should have been escaped goes as well. */
export function withoutUserInfo(url: string): string {
  return url.replace(/^([a-z][a-z+]*:(?:\/\/)?).*@/is, "$1");
}
