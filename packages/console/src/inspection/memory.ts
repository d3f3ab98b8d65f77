import type { NetworkAccessManager } from "@fairlead/access";
import { openCollection, type ReadRecord, readerOf, type CollectionName } from "@fairlead/access/memory";
import { redactUrls } from "@fairlead/http/redaction";
import type { MemoryKind, MemoryPage, RememberedThing } from "../protocol/index.ts";

/** Which part of a memory is looked at. */
export interface MemoryQuery {
  /** In subjects and facts, whatever the case; empty for all. */
  readonly search: string;
  readonly from: number;
  readonly count: number;
}

/** The collections of each kind; `responses` are not in the store. */
const collectionsOf: Readonly<Record<Exclude<MemoryKind, "responses">, readonly CollectionName[]>> = {
  hsts: ["hsts"],
  cookies: ["cookies", "partitioned-cookies"],
  tickets: ["tls-tickets"],
  intermediates: ["tls-intermediates"],
  redirects: ["permanent-redirects"],
  exceptions: ["certificate-exceptions"],
};

/** Which fact a record is listed by. */
const subjects: Readonly<Record<Exclude<MemoryKind, "responses">, string>> = {
  hsts: "host",
  cookies: "domain",
  tickets: "certificate",
  intermediates: "subject",
  redirects: "from",
  exceptions: "server",
};

/** Columns that are how the thing is forgotten, and nothing for people. */
const hidden: ReadonlySet<string> = new Set(["key"]);

/** Lists what a manager remembers of a kind. Values of cookies, keys of tickets and the like are in no page. */
export function memoryPage(manager: NetworkAccessManager, kind: MemoryKind, query: MemoryQuery): MemoryPage {
  const needle = query.search.toLowerCase();
  const matching = thingsOf(manager, kind).filter((thing) => needle === "" || textOf(thing).includes(needle));
  const { from, count } = query;
  const things = matching.slice(from, from + count).map((thing) => thing.read());
  return { kind, total: matching.length, from, things };
}

/** How much there is of each kind. */
export function memoryCounts(manager: NetworkAccessManager, kinds: readonly MemoryKind[]): Record<string, number> {
  return Object.fromEntries(kinds.map((kind) => [kind, thingsOf(manager, kind).length]));
}

/** Forgets one thing. @param key from a page. @returns whether there was such a thing. */
export async function forgetThing(manager: NetworkAccessManager, kind: MemoryKind, key: string): Promise<boolean> {
  if (kind === "responses") return manager.forgetRecord("responses", key);
  const space = key.indexOf(" ");
  const collection = collectionsOf[kind].find((name) => name === key.slice(0, space));
  return collection !== undefined && manager.forgetRecord(collection, key.slice(space + 1));
}

/** Forgets all of a kind. */
export async function clearKind(manager: NetworkAccessManager, kind: MemoryKind): Promise<void> {
  for (const name of kind === "responses" ? (["responses"] as const) : collectionsOf[kind]) await manager.clear(name);
}

/** A thing, read in full when it is shown. */
interface Thing {
  /** What is searched. */
  readonly text: () => string;
  readonly read: () => RememberedThing;
}

function textOf({ text }: Thing): string {
  return text().toLowerCase();
}

function thingsOf(manager: NetworkAccessManager, kind: MemoryKind): readonly Thing[] {
  if (kind === "responses") return responses(manager);
  const stored = collectionsOf[kind].flatMap((name) => {
    const records = [...openCollection(manager.store, name).entries()];
    return records.map((record) => thingOf(kind, name, record, record.expiresAt));
  });
  if (kind !== "cookies") return stored;
  return [...stored, ...manager.unwrittenCookies().map((record) => thingOf(kind, "cookies", record, undefined))];
}

function thingOf(
  kind: Exclude<MemoryKind, "responses">,
  name: CollectionName,
  record: ReadRecord,
  expiresAt: number | undefined,
): Thing {
  let described: Readonly<Record<string, string>> | undefined;
  const describe = (): Readonly<Record<string, string>> => (described ??= readerOf(name).describe(record));
  return {
    text: () => Object.values(describe()).join("\n"),
    read: () => {
      const facts = describe();
      const subject = subjects[kind];
      return {
        key: `${name} ${record.key}`,
        subject: facts[subject] ?? "",
        facts: Object.entries(facts).filter(([fact, value]) => fact !== subject && !hidden.has(fact) && value !== ""),
        expires: expiresAt === undefined ? undefined : isoDate(expiresAt),
      };
    },
  };
}

function responses({ cache }: NetworkAccessManager): readonly Thing[] {
  return (cache?.resources() ?? []).map(({ key, url, partition }) => ({
    text: () => `${redactUrls(url)}\n${partition}`,
    read: () => ({
      key,
      subject: redactUrls(url),
      facts: [
        ...(cache?.describe(key) ?? []).map(
          ({ status, responseTime }) => [`status ${String(status)}`, isoDate(responseTime) ?? ""] as const,
        ),
        ...(partition === "" ? [] : [["partition", partition] as const]),
      ],
      expires: undefined,
    }),
  }));
}

/** What is beyond all dates has none. */
function isoDate(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
