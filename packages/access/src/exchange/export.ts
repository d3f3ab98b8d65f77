import { UsageError } from "@fairlead/core";
import { decodeCookie, formatNetscapeCookies } from "@fairlead/http/cookies";
import { decodeHstsEntry, formatCurlHsts, type CurlHstsHost } from "@fairlead/http/hsts";
import type { Store } from "@fairlead/store";
import { COLLECTIONS, isCollectionName, openCollection, type CollectionName } from "../memory/collections.ts";
import { readerOf } from "../memory/readers/collection-readers.ts";
import { assertFormat, type ExchangeFormat } from "./format.ts";
import { formatExport, type ExportedRecord } from "./memory-document.ts";

/** What is exported, and how. */
export interface ExportMemoryOptions {
  /** `json` by default. */
  readonly format?: ExchangeFormat | undefined;
  /**
   * Whether secrets are exported, too: cookies, tickets, credentials, tokens. Whoever has them is whoever they were given
   * to: write them to a private file (0600), and to nothing else. `false` by default.
   */
  readonly secrets?: boolean | undefined;
}

/** What was exported. */
export interface ExportedMemory {
  /** The content of a file. */
  readonly bytes: Uint8Array;
  /** Records by collection. */
  readonly counts: Partial<Readonly<Record<CollectionName, number>>>;
  /** Records that the format cannot hold, or that make no sense: they stay where they are. */
  readonly omitted: number;
}

/**
 * Exports what a manager remembers in its store. Collections that no manager knows are none of it.
 *
 * @throws UsageError OPTION_INVALID for a format that there is not, and for cookies without `secrets`.
 */
export function exportMemory(
  store: Store,
  { format = "json", secrets = false }: ExportMemoryOptions = {},
): ExportedMemory {
  assertFormat(format, "export");
  switch (format) {
    case "json":
      return exportJson(store, secrets);
    case "netscape-cookies":
      if (secrets) return exportCookies(store);
      throw new UsageError("OPTION_INVALID", {
        operation: "export",
        detail: "cookies are secrets",
        remedy: "give secrets: true, and write what comes to a private file",
      });
    case "curl-hsts":
      return exportHosts(store);
  }
}

function exportJson(store: Store, secrets: boolean): ExportedMemory {
  const exported = new Map<CollectionName, readonly ExportedRecord[]>();
  let omitted = 0;
  for (const name of store.collectionNames().filter(isCollectionName)) {
    if (COLLECTIONS[name].secret && !secrets) continue;
    const records = [...openCollection(store, name).entries()];
    const sound = records.filter(readerOf(name).isSound);
    exported.set(name, sound);
    omitted += records.length - sound.length;
  }
  const counts = Object.fromEntries(Array.from(exported, ([name, { length }]) => [name, length]));
  return { bytes: new TextEncoder().encode(formatExport(exported)), counts, omitted };
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function exportCookies(store: Store): ExportedMemory {
  const records = [...openCollection(store, "cookies").entries()];
  const cookies = records
    .map(({ value }) => decodeCookie(decoder.decode(value)))
    .filter((cookie) => cookie !== undefined);
  const { bytes, omitted } = formatNetscapeCookies(cookies);
  const written = cookies.length - omitted.length;
  return { bytes, counts: { cookies: written }, omitted: records.length - written };
}

function exportHosts(store: Store): ExportedMemory {
  const { isSound } = readerOf("hsts");
  const records = [...openCollection(store, "hsts").entries()];
  const hosts = records.filter(isSound).map(
    ({ key: host, value, expiresAt }): CurlHstsHost => ({
      host,
      includeSubDomains: decodeHstsEntry(value)?.includeSubDomains === true,
      expiresAt,
    }),
  );
  return { bytes: formatCurlHsts(hosts), counts: { hsts: hosts.length }, omitted: records.length - hosts.length };
}
