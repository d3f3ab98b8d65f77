/** TLS's presentation language: numbers and vectors. See RFC 8446 section 3. */

/** A number in so many bytes, the highest first. */
export function number(lengthBytes: number, value: number): Uint8Array {
  return Uint8Array.from({ length: lengthBytes }, (_, index) => Math.floor(value / 256 ** (lengthBytes - 1 - index)));
}

/** Parts with their whole length before them in so many bytes. */
export function vector(lengthBytes: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concat(...parts);
  return concat(number(lengthBytes, content.length), content);
}

/** One after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The same bytes, with the last one changed: what no signature and no authentication code survives. */
export function spoil(bytes: Uint8Array): Uint8Array {
  const spoiled = Uint8Array.from(bytes);
  spoiled.set([(spoiled.at(-1) ?? 0) ^ 1], spoiled.length - 1);
  return spoiled;
}

/** Reads numbers and vectors off the front of some bytes. Each method throws a RangeError where there are fewer. */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  number(lengthBytes: number): number {
    return this.bytes(lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  /** The contents of a vector whose length is written before it in so many bytes. */
  vector(lengthBytes: number): Uint8Array {
    return this.bytes(this.number(lengthBytes));
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("fewer bytes than a length says");
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  /** Reads with a function again and again until nothing is left. */
  all<Item>(read: (reader: this) => Item): readonly Item[] {
    const items: Item[] = [];
    while (!this.isAtEnd) items.push(read(this));
    return items;
  }
}
