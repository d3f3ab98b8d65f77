/** What one batch did to a collection, as it is told to everybody who has the store open. */
export interface CollectionMessage {
  readonly collection: string;
  /** `clear`: everything before this went. `reload`: so much was changed that it is not told here. */
  readonly kind: "changes" | "clear" | "reload";
  /** By name; packed records, `undefined` for what is gone. */
  readonly records: ReadonlyMap<string, Uint8Array | undefined>;
}

/** What one batch did. */
export interface ChangeMessage {
  /** Which open store did it. */
  readonly origin: string;
  /** Says which was the last batch that changed a collection; no two batches have the same. */
  readonly stamp: string;
  /** Orders messages and records: of two the later has the larger. */
  readonly sequence: number;
  readonly collections: readonly CollectionMessage[];
}

/**
 * Reads a message: fields of bytes, each with its length in decimals and a colon before it, as the scripts write them.
 *
 * @returns `undefined` for whatever a store would not have written.
 */
export function parseMessage(bytes: Uint8Array): ChangeMessage | undefined {
  const fields = new Fields(bytes);
  const origin = fields.text();
  const stamp = fields.text();
  const sequence = fields.number();
  if (origin === undefined || stamp === undefined || sequence === undefined) return undefined;
  const collections: CollectionMessage[] = [];
  while (!fields.isEmpty) {
    const collection = parseCollection(fields);
    if (collection === undefined) return undefined;
    collections.push(collection);
  }
  return { origin, stamp, sequence, collections };
}

function parseCollection(fields: Fields): CollectionMessage | undefined {
  const collection = fields.text();
  const kind = fields.text();
  const count = fields.number();
  if (collection === undefined || count === undefined) return undefined;
  if (kind !== "changes" && kind !== "clear" && kind !== "reload") return undefined;
  const records = new Map<string, Uint8Array | undefined>();
  for (let index = 0; index < count; index++) {
    const name = fields.text();
    const packed = fields.bytes();
    if (name === undefined || packed === undefined) return undefined;
    // A record has at least its times.
    records.set(name, packed.length === 0 ? undefined : packed);
  }
  return { collection, kind, records };
}

/** Fields one after the other; `undefined` once one is none. */
class Fields {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isEmpty(): boolean {
    return this.#at >= this.#bytes.length;
  }

  bytes(): Uint8Array | undefined {
    let length = 0;
    const start = this.#at;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === colon && this.#at > start + 1) break;
      if (byte === undefined || byte < zero || byte > zero + 9) return undefined;
      length = length * 10 + byte - zero;
    }
    const end = this.#at + length;
    if (end > this.#bytes.length) return undefined;
    const field = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return field;
  }

  text(): string | undefined {
    const bytes = this.bytes();
    return bytes && decodeText(bytes);
  }

  number(): number | undefined {
    const text = this.text();
    const number = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
    return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
  }
}

const colon = 0x3a;
const zero = 0x30;

/** UTF-8, or `undefined`. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
