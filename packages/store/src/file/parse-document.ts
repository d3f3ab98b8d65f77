import { documentVersion, emptyDocument, type StoreDocument } from "./document.ts";
import { DocumentRecord, isObject } from "./document-record.ts";
import { isNestedDeeper, parseExactJson } from "./exact-json.ts";

/** What became of a text. */
export type ParsedDocument =
  | { readonly type: "document"; readonly document: StoreDocument; readonly dropped: readonly DroppedRecord[] }
  | { readonly type: "newer"; readonly version: number }
  | { readonly type: "damaged"; readonly reason: string };

/** A record that makes no sense. */
export interface DroppedRecord {
  readonly collection: string;
  readonly reason: string;
}

/** Nobody nests deeper by hand. */
const levels = 200;

/** Reads a file's text; an empty one is an empty store. Of two members of one name, the last one counts. */
export function parseDocument(text: string): ParsedDocument {
  if (text === "") return { type: "document", document: emptyDocument, dropped: [] };
  if (isNestedDeeper(text, levels)) return { type: "damaged", reason: `nested more than ${levels} levels deep` };
  let root: unknown;
  try {
    root = parseExactJson(text);
  } catch {
    return { type: "damaged", reason: "not JSON" };
  }
  if (!isObject(root) || !isObject(root["fairlead"])) return { type: "damaged", reason: "no member fairlead" };
  const version = root["fairlead"]["version"];
  if (typeof version !== "number") return { type: "damaged", reason: "no member fairlead.version" };
  if (version > documentVersion) return { type: "newer", version };
  if (version !== documentVersion) return { type: "damaged", reason: "fairlead.version is none that ever was" };
  const { collections = {}, ...members } = root;
  if (!isObject(collections)) return { type: "damaged", reason: "collections is not an object" };
  const dropped: DroppedRecord[] = [];
  const parsed = Object.entries(collections).map(
    ([name, records]) => [name, parseRecords(name, records, dropped)] as const,
  );
  return { type: "document", document: { members, collections: new Map(parsed) }, dropped };
}

function parseRecords(
  collection: string,
  records: unknown,
  dropped: DroppedRecord[],
): ReadonlyMap<string, DocumentRecord> {
  const parsed = new Map<string, DocumentRecord>();
  if (!isObject(records)) {
    dropped.push({ collection, reason: "the collection is not an object" });
    return parsed;
  }
  for (const [name, text] of Object.entries(records)) {
    const record = DocumentRecord.parse(text);
    if (typeof record === "string") dropped.push({ collection, reason: record });
    else parsed.set(name, record);
  }
  return parsed;
}
