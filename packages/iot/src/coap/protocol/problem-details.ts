import { UsageError } from "@fairlead/core";
import { encode, rfc8949EncodeOptions, Tagged } from "cborg";
import { type CborMap, type CborValue, isCborArray, isCborMap, isCborUint, readCbor } from "../../protocol/cbor.ts";
import { coapCodeByte, formatCoapCode } from "./code.ts";
import type { CoapCode } from "./message.ts";

/** What went wrong, for people and for programs. RFC 9290. */
export interface CoapProblem {
  /** A short summary of the kind of problem. */
  readonly title?: CoapProblemText | undefined;
  /** Of this very problem, and how to get around it. */
  readonly detail?: CoapProblemText | undefined;
  /** Reference of this very problem: a URI, or relative to `base`. */
  readonly instance?: string | undefined;
  /** The code that the response had at its origin. */
  readonly code?: CoapCode | undefined;
  /** Base of references. */
  readonly base?: string | undefined;
  /**
   * What else is said, by standard (below 0) or custom key (from 0 on, or a URI). Whoever does not know one passes it over.
   */
  readonly entries?: ReadonlyMap<number | string, CborValue> | undefined;
}

/** Text for people, and how it is read aloud. RFC 9290 appendix A. */
export interface CoapProblemText {
  readonly text: string;
  /** Language tag of RFC 5646. */
  readonly language?: string | undefined;
  /** Its direction; `undefined` where the text itself decides. */
  readonly isRightToLeft?: boolean | undefined;
}

/**
 * Reads the payload of a response with content format 257. `undefined` where it is none: no map in strict CBOR, empty, or a
 * standard entry of a wrong form. Base language and direction are in the texts already.
 *
 * @see RFC 9290 section 2
 */
export function readCoapProblem(payload: Uint8Array): CoapProblem | undefined {
  const map = readCbor(payload, { tags: [textTag], floats: true });
  if (!isCborMap(map) || map.size === 0) return undefined;
  const [language, isRightToLeft] = [map.get(keys.baseLanguage), map.get(keys.baseDirection)];
  const base: Omit<CoapProblemText, "text"> = {
    language: typeof language === "string" ? language : undefined,
    isRightToLeft: typeof isRightToLeft === "boolean" ? isRightToLeft : undefined,
  };
  const found = {
    title: readText(map.get(keys.title), base),
    detail: readText(map.get(keys.detail), base),
    instance: map.get(keys.instance),
    code: map.get(keys.code),
    base: map.get(keys.base),
  };
  const { title, detail, instance, code } = found;
  if (title === "malformed" || detail === "malformed") return undefined;
  if (!isOptionalString(instance) || !isOptionalString(found.base) || !isOptionalString(language)) return undefined;
  if (code !== undefined && !(isCborUint(code) && code < 256)) return undefined;
  const entries = customEntries(map);
  return {
    ...(title !== undefined && { title }),
    ...(detail !== undefined && { detail }),
    ...(instance !== undefined && { instance }),
    ...(code !== undefined && { code: formatCoapCode(code) }),
    ...(found.base !== undefined && { base: found.base }),
    ...(entries.size > 0 && { entries }),
  };
}

/**
 * Writes what {@link readCoapProblem} reads.
 *
 * @throws UsageError OPTION_INVALID for a problem of which nothing is said; RangeError for a code that is none.
 */
export function writeCoapProblem({ title, detail, instance, code, base, entries }: CoapProblem): Uint8Array {
  const map = new Map<number | string, CborValue>(entries);
  if (title !== undefined) map.set(keys.title, writeText(title));
  if (detail !== undefined) map.set(keys.detail, writeText(detail));
  if (instance !== undefined) map.set(keys.instance, instance);
  if (code !== undefined) map.set(keys.code, coapCodeByte(code));
  if (base !== undefined) map.set(keys.base, base);
  if (map.size === 0) {
    throw new UsageError("OPTION_INVALID", { detail: "problem", remedy: "say something of it, such as a title" });
  }
  return encode(map, rfc8949EncodeOptions);
}

function readText(
  value: CborValue | undefined,
  base: Omit<CoapProblemText, "text">,
): CoapProblemText | undefined | "malformed" {
  if (value === undefined) return undefined;
  if (typeof value === "string") return said({ ...base, text: value });
  if (!(value instanceof Tagged)) return "malformed";
  // What is tagged was read by the same reader.
  const parts = value.value as CborValue;
  if (!isCborArray(parts) || parts.length < 2 || parts.length > 3) return "malformed";
  const [language, text, direction = null] = parts;
  if (typeof language !== "string" || typeof text !== "string") return "malformed";
  if (direction !== null && typeof direction !== "boolean") return "malformed";
  return said({ text, language, isRightToLeft: direction ?? undefined });
}

function said({ text, language, isRightToLeft }: CoapProblemText): CoapProblemText {
  return { text, ...(language !== undefined && { language }), ...(isRightToLeft !== undefined && { isRightToLeft }) };
}

function writeText({ text, language, isRightToLeft }: CoapProblemText): CborValue {
  if (language === undefined && isRightToLeft === undefined) return text;
  return new Tagged(textTag, [language ?? "", text, ...(isRightToLeft === undefined ? [] : [isRightToLeft])]);
}

function customEntries(map: CborMap): ReadonlyMap<number | string, CborValue> {
  const entries = new Map<number | string, CborValue>();
  for (const [key, value] of map) {
    const isCustom = typeof key === "string" || (typeof key === "number" && !standardKeys.has(key));
    if (isCustom) entries.set(key, value);
  }
  return entries;
}

function isOptionalString(value: CborValue | undefined): value is string | undefined {
  return value === undefined || typeof value === "string";
}

/** RFC 9290 section 6.1. */
const keys = { title: -1, detail: -2, instance: -3, code: -4, base: -5, baseLanguage: -6, baseDirection: -7 } as const;
const standardKeys: ReadonlySet<number> = new Set(Object.values(keys));
/** RFC 9290 appendix A. */
const textTag = 38;
