/**
 * Lists the versions that a ClientHello offers, as numbers (0x0304); `undefined` unless these bytes begin with a record
 * that holds all of one.
 *
 * @see RFC 8446 sections 4.1.2, 4.2.1 and 5.1
 */
export function clientHelloVersions(bytes: Uint8Array): readonly number[] | undefined {
  const record = new Cursor(bytes);
  if (record.number(1) !== handshakeRecord) return undefined;
  record.number(2);
  const message = record.vector(2);
  if (message?.number(1) !== clientHello) return undefined;
  const body = message.vector(3);
  const legacyVersion = body?.number(2);
  if (body === undefined || legacyVersion === undefined) return undefined;
  body.skip(32);
  // Session identifier, cipher suites and compression methods.
  for (const lengthBytes of [1, 2, 1]) if (body.vector(lengthBytes) === undefined) return undefined;
  const extensions = body.vector(2);
  if (extensions === undefined) return [legacyVersion];
  for (let type = extensions.number(2); type !== undefined; type = extensions.number(2)) {
    const content = extensions.vector(2);
    if (content === undefined) return undefined;
    if (type === supportedVersions) return content.vector(1)?.numbers(2);
  }
  return [legacyVersion];
}

/** Reads numbers and vectors off the front; `undefined` where the bytes end. */
class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  number(length: number): number | undefined {
    const part = this.#take(length);
    return part?.reduce((sum, byte) => sum * 256 + byte, 0);
  }

  vector(lengthBytes: number): Cursor | undefined {
    const part = this.#take(this.number(lengthBytes) ?? Infinity);
    return part && new Cursor(part);
  }

  numbers(length: number): readonly number[] {
    const found: number[] = [];
    for (let next = this.number(length); next !== undefined; next = this.number(length)) found.push(next);
    return found;
  }

  skip(length: number): void {
    this.#at += length;
  }

  #take(length: number): Uint8Array | undefined {
    if (this.#at + length > this.#bytes.length) return undefined;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

const handshakeRecord = 22;
const clientHello = 1;
const supportedVersions = 43;
