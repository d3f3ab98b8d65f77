import { ContentError, type ContentErrorFacts } from "@fairlead/core";
import { readJson } from "@fairlead/http/json";
import type { evaluate, Token, ValueNode } from "@humanwhocodes/momoa";
import { Forgiveness, START, type Forgiven } from "./forgiven.ts";
import { decodeText, type ContentFacts } from "./text.ts";

/** Lenient JSON that was read. */
export interface LenientJson {
  readonly value: unknown;
  /** Empty where it was JSON. */
  readonly forgiven: readonly Forgiven[];
}

const DEPTH_LIMIT = 256;
/** What is no JSON is taken apart into tokens, which have hundreds of times its size. */
const LIMIT_BYTES = 1024 * 1024;

/**
 * Reads JSON as people write it, by the rules of JSON5: comments, trailing commas, single quotes, names without quotes, NaN,
 * hexadecimal numbers; of several members of one name the last counts. What is JSON is read as such, and costs as much.
 *
 * @throws ContentError JSON_INVALID for what is not even that; JSON_TOO_DEEP, CHARSET_UNSUPPORTED, CHARSET_VIOLATED;
 *   CONTENT_LIMIT for more than 1 MiB of what is no JSON.
 * @see https://spec.json5.org
 */
export async function readLenientJson(
  bytes: Uint8Array,
  contentType: string | undefined,
  facts: ContentFacts = {},
): Promise<LenientJson> {
  const text = decodeText(bytes, contentType, facts);
  const known: ContentErrorFacts = { ...facts, bytes };
  const forgiveness = new Forgiveness();
  if (MARKS.some((mark) => mark.every((octet, at) => bytes[at] === octet)))
    forgiveness.forgive("byte-order-mark", START);
  try {
    return { value: readJson(text, {}, known), forgiven: forgiveness.all };
  } catch (error) {
    const isForgivable = error instanceof ContentError && error.code !== "JSON_TOO_DEEP";
    if (!isForgivable) throw error;
  }
  if (bytes.length > LIMIT_BYTES) {
    throw new ContentError("CONTENT_LIMIT", { ...known, detail: `${String(LIMIT_BYTES)} octets, as it is no JSON` });
  }
  const value = await readTokens(text, forgiveness, known);
  return { value, forgiven: forgiveness.all };
}

/** Of UTF-8 and UTF-16. */
const MARKS: readonly (readonly number[])[] = [
  [0xef, 0xbb, 0xbf],
  [0xfe, 0xff],
  [0xff, 0xfe],
];

async function readTokens(text: string, forgiveness: Forgiveness, facts: ContentErrorFacts): Promise<unknown> {
  const momoa = await import("@humanwhocodes/momoa");
  // A backslash as the last character of a string that does not end would have the tokenizer go on for ever.
  const ended = `${text}\n`;
  const tokens = invalidAtPlace(() => momoa.tokenize(ended, { mode: "json5" }), facts);
  requireDepth(tokens, facts);
  requireNumbers(text, tokens, facts);
  // The parser recurses for each comment in a row.
  const bare = withoutComments(ended, tokens);
  const { body } = invalidAtPlace(() => momoa.parse(bare, { mode: "json5" }), facts);
  forgiveness.forgiveTokens(text, tokens);
  return valueOf(body, forgiveness, momoa.evaluate);
}

/** The parser's own errors quote the text; only where they are is told. */
function invalidAtPlace<Result>(parse: () => Result, facts: ContentErrorFacts): Result {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Error && "line" in error && "column" in error)) throw error;
    throw invalid(error, facts);
  }
}

function invalid(
  { line, column }: { readonly line: unknown; readonly column: unknown },
  facts: ContentErrorFacts,
): ContentError {
  const detail = `line ${String(line)}, column ${String(column)}, read leniently`;
  return new ContentError("JSON_INVALID", { ...facts, detail, remedy: "look at `bytes`, and have the sender mended" });
}

/** The tokenizer takes a point without digits for a number. */
function requireNumbers(text: string, tokens: readonly Token[], facts: ContentErrorFacts): void {
  for (const { type, loc } of tokens) {
    if (type !== "Number") continue;
    const unsigned = text.slice(loc.start.offset, loc.end.offset).replace(/^[+-]/, "");
    if (unsigned !== "NaN" && Number.isNaN(Number(unsigned))) throw invalid(loc.start, facts);
  }
}

function requireDepth(tokens: readonly Token[], facts: ContentErrorFacts): void {
  let depth = 0;
  for (const { type, loc } of tokens) {
    if (type === "LBrace" || type === "LBracket") depth += 1;
    if (type === "RBrace" || type === "RBracket") depth -= 1;
    if (depth <= DEPTH_LIMIT) continue;
    const place = `line ${String(loc.start.line)}, column ${String(loc.start.column)}`;
    throw new ContentError("JSON_TOO_DEEP", { ...facts, detail: `more than ${String(DEPTH_LIMIT)} levels, ${place}` });
  }
}

/** The same text with spaces in place of comments, so that everything else stays where it is. */
function withoutComments(text: string, tokens: readonly Token[]): string {
  let [bare, end] = ["", 0];
  for (const { type, loc } of tokens) {
    if (type !== "LineComment" && type !== "BlockComment") continue;
    bare += text.slice(end, loc.start.offset) + text.slice(loc.start.offset, loc.end.offset).replace(/[^\r\n]/g, " ");
    end = loc.end.offset;
  }
  return bare + text.slice(end);
}

/** Recursion ends: the depth was looked at. */
function valueOf(node: ValueNode, forgiveness: Forgiveness, leafValue: typeof evaluate): unknown {
  if (node.type === "Array") return node.elements.map(({ value }) => valueOf(value, forgiveness, leafValue));
  if (node.type !== "Object") return leafValue(node);
  const object = {};
  for (const { name, value } of node.members) {
    const key = name.type === "Identifier" ? name.name : name.value;
    if (Object.hasOwn(object, key)) forgiveness.forgive("duplicate-name", name.loc.start);
    // An own member also where the name is __proto__.
    const descriptor = {
      value: valueOf(value, forgiveness, leafValue),
      writable: true,
      enumerable: true,
      configurable: true,
    };
    Object.defineProperty(object, key, descriptor);
  }
  return object;
}
