/** A number whose digits JavaScript's numbers cannot hold: shown as it came. */
export class ExactNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** A value of JSON. */
export type JsonValue = null | boolean | number | string | ExactNumber | readonly JsonValue[] | JsonObject;

/** An object of JSON. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** What has other values inside. */
export type JsonBranch = readonly JsonValue[] | JsonObject;

/** One line of the tree. */
export interface JsonRow {
  /** From 0. */
  readonly depth: number;
  /** The member's name, or the item's number; `undefined` for the root. */
  readonly name: string | undefined;
  readonly value: JsonValue;
  /** What has other values inside, and whether they are shown; `undefined` for what has none. */
  readonly branch: { readonly value: JsonBranch; readonly size: number; readonly isOpen: boolean } | undefined;
}

/**
 * Reads JSON for a tree: numbers keep their digits.
 *
 * @throws SyntaxError for what is no JSON, RangeError for what is nested too deeply.
 */
export function readJson(text: string): JsonValue {
  return JSON.parse(text, keepDigits as Parameters<typeof JSON.parse>[1]) as JsonValue;
}

/** The rows of a tree, of which the branches in `open` show what is inside. Two equal branches open apart. */
export function jsonRows(root: JsonValue, open: ReadonlySet<JsonBranch>): readonly JsonRow[] {
  const rows: JsonRow[] = [];
  // A stack of its own: nesting is the peer's to choose.
  const waiting: { depth: number; name: string | undefined; value: JsonValue }[] = [
    { depth: 0, name: undefined, value: root },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { depth, value } = next;
    if (!isBranch(value)) {
      rows.push({ ...next, branch: undefined });
      continue;
    }
    const names = Object.keys(value);
    const isOpen = open.has(value);
    rows.push({ ...next, branch: { value, size: names.length, isOpen } });
    if (!isOpen) continue;
    for (let index = names.length - 1; index >= 0; index -= 1) {
      const name = names[index] ?? "";
      waiting.push({ depth: depth + 1, name, value: (value as JsonObject)[name] ?? null });
    }
  }
  return rows;
}

/** Whether a value has others inside. */
export function isBranch(value: JsonValue): value is JsonBranch {
  return typeof value === "object" && value !== null && !(value instanceof ExactNumber);
}

/** ECMAScript 2026 tells the reviver what a primitive was written as; where it does not, the number is all there is. */
function keepDigits(_name: string, value: unknown, written: { readonly source?: string } | undefined): unknown {
  if (typeof value !== "number" || written?.source === undefined) return value;
  return isSameNumber(value, written.source) ? value : new ExactNumber(written.source);
}

function isSameNumber(value: number, source: string): boolean {
  if (String(value) === source) return true;
  // `1.0` and `1e3` are written otherwise, but no digit is lost; beyond 15 digits some may be.
  return source.replace(/e.*$/i, "").replace(/\D/g, "").replace(/^0+/, "").length <= 15 && Number.isFinite(value);
}
