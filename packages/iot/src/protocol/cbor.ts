import { decode, type DecodeOptions, Tagged, Tokenizer, Type } from "cborg";

/** A value of CBOR, in the forms that are taken: no numbers that are not finite, no `undefined`, no other simple values. */
export type CborValue =
  | number
  | bigint
  | string
  | boolean
  | null
  | Uint8Array
  | readonly CborValue[]
  | CborMap
  | Tagged;

/** A map of CBOR. Keys that are arrays, maps or bytes are never found by `get`. */
export type CborMap = ReadonlyMap<CborValue, CborValue>;

/** What is taken besides. */
export interface CborOptions {
  /** Numbers of the tags that may be there; none by default. Each comes as a `Tagged`. */
  readonly tags?: readonly number[] | undefined;
  /** Arrays, maps and tags within each other: 16 by default. */
  readonly maxDepth?: number | undefined;
  /** Whether there may be numbers with a fraction, which by then can't be told from integers. Not by default. */
  readonly floats?: boolean | undefined;
}

/**
 * Reads one value that fills `bytes`; `undefined` where it has no form, or could be read in two ways: numbers and lengths
 * that are longer than they need be, lengths that are not known beforehand, keys that are there twice, text that is no
 * UTF-8. Whoever signs bytes signs one meaning.
 *
 * @see RFC 8949 sections 3 and 4.2
 */
export function readCbor(
  bytes: Uint8Array,
  { tags = [], maxDepth = 16, floats = false }: CborOptions = {},
): CborValue | undefined {
  const options: DecodeOptions = {
    ...{ strict: true, allowIndefinite: false, allowUndefined: false, allowInfinity: false, allowNaN: false },
    ...{ useMaps: true, rejectDuplicateMapKeys: true, retainStringBytes: true },
    tags: Object.fromEntries(tags.map((tag) => [tag, Tagged.decoder(tag)])),
  };
  try {
    // What comes out of it has only the forms that the options leave.
    return decode(bytes, {
      ...options,
      tokenizer: new BoundedTokenizer(bytes, options, maxDepth, floats),
    }) as CborValue;
  } catch {
    return undefined;
  }
}

/** Whether a value is a map. */
export function isCborMap(value: CborValue | undefined): value is CborMap {
  return value instanceof Map;
}

/** Whether a value is an array. */
export function isCborArray(value: CborValue | undefined): value is readonly CborValue[] {
  return Array.isArray(value);
}

/** Whether a value is bytes. */
export function isCborBytes(value: CborValue | undefined): value is Uint8Array {
  return value instanceof Uint8Array;
}

/** Whether a value is an integer from 0 on that a number can say. */
export function isCborUint(value: CborValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Refuses what is nested too deep before anything is nested, and text that is none. */
class BoundedTokenizer extends Tokenizer {
  readonly #maxDepth: number;
  readonly #floats: boolean;
  /** Items that are still to come, of each array, map and tag that is open. */
  readonly #open: number[] = [];

  constructor(bytes: Uint8Array, options: DecodeOptions, maxDepth: number, floats: boolean) {
    super(bytes, options);
    this.#maxDepth = maxDepth;
    this.#floats = floats;
  }

  override next(): ReturnType<Tokenizer["next"]> {
    const token = super.next();
    const { type, value } = token as { readonly type: Type; readonly value: unknown };
    if (Type.equals(type, Type.string) && token.byteValue !== undefined) utf8.decode(token.byteValue);
    if (Type.equals(type, Type.float) && !this.#floats) throw new TypeError("a number with a fraction");
    const items = Type.equals(type, Type.array)
      ? Number(value)
      : Type.equals(type, Type.map)
        ? 2 * Number(value)
        : Type.equals(type, Type.tag)
          ? 1
          : 0;
    this.#open.push(items);
    if (this.#open.length > this.#maxDepth + 1) throw new RangeError("nested too deep");
    while (this.#open.at(-1) === 0) {
      this.#open.pop();
      const left = this.#open.pop();
      if (left === undefined) break;
      this.#open.push(left - 1);
    }
    return token;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
