import type { KeyType } from "@fairlead/core";
import { ByteCursor } from "./byte-cursor.ts";
import { keyTypesOf } from "./signature-schemes.ts";

/** What a client says first. */
export interface ClientHello {
  /** Versions that it offers, as numbers (0x0304), in its order; some may be unknown to us (RFC 8701). */
  readonly versions: readonly number[];
  /** In lower case. RFC 6066 section 3. */
  readonly serverName: string | undefined;
  /** RFC 7301; one character per byte. */
  readonly alpnProtocols: readonly string[];
  /** Kinds of keys whose signatures it takes; empty when it does not say. */
  readonly keyTypes: readonly KeyType[];
}

/** What the bytes of a stream that should begin with a ClientHello are. */
export type ClientHelloReading =
  | { readonly type: "need-data" }
  | { readonly type: "hello"; readonly hello: ClientHello }
  /** A record of an alert: the peer gave up at once. */
  | { readonly type: "alert"; readonly description: number }
  | { readonly type: "not-tls" }
  /** TLS, and wrong; with the alert that says so. */
  | { readonly type: "invalid"; readonly alert: number; readonly detail: string };

/**
 * Finds the ClientHello at the start of a stream, whatever pieces it comes in: as records, and as chunks of them. It keeps
 * all bytes that it was given, {@link maxClientHelloBytes} at most and what came in the same chunk, and its work is in
 * proportion to them.
 *
 * @see RFC 8446 sections 4.1.2 and 5.1
 */
export class ClientHelloReader {
  readonly #records = new GrowingBytes();
  readonly #message = new GrowingBytes();
  /** Where the record begins that is not complete yet. */
  #record = 0;
  #reading: ClientHelloReading = { type: "need-data" };

  /** All bytes so far. */
  get bytes(): Uint8Array {
    return this.#records.bytes;
  }

  /** What they are; once it is known, more bytes change nothing. */
  get reading(): ClientHelloReading {
    return this.#reading;
  }

  add(chunk: Uint8Array): ClientHelloReading {
    this.#records.add(chunk);
    while (this.#reading.type === "need-data") {
      const next = this.#readRecord();
      if (next === undefined) break;
      this.#reading = next;
    }
    return this.#reading;
  }

  /** Reads the next record; `undefined` while it is not complete. */
  #readRecord(): ClientHelloReading | undefined {
    const { bytes } = this;
    const [type, major] = bytes.subarray(this.#record, this.#record + 2);
    if (type !== undefined && type !== handshakeRecord && type !== alertRecord) return { type: "not-tls" };
    if (major !== undefined && major !== 3) return { type: "not-tls" };
    if (bytes.length < this.#record + headerBytes) return undefined;
    const length = new ByteCursor(bytes.subarray(this.#record + 3)).number(2);
    // RFC 8446 section 5.1: no fragment of a handshake message is empty.
    if (length === 0) return invalid(decodeError, "an empty record");
    if (length > maxRecordBytes) return invalid(recordOverflow, "a record that is too long");
    const end = this.#record + headerBytes + length;
    if (end > maxClientHelloBytes) return tooLong;
    if (bytes.length < end) return undefined;
    const fragment = bytes.subarray(this.#record + headerBytes, end);
    this.#record = end;
    if (type === alertRecord) return { type: "alert", description: fragment[1] ?? 0 };
    this.#message.add(fragment);
    return this.#readMessage();
  }

  #readMessage(): ClientHelloReading {
    const { bytes } = this.#message;
    if (bytes[0] !== clientHello) return invalid(unexpectedMessage, "no ClientHello");
    if (bytes.length < messageHeaderBytes) return { type: "need-data" };
    const end = messageHeaderBytes + new ByteCursor(bytes.subarray(1)).number(3);
    if (end > maxClientHelloBytes) return tooLong;
    return bytes.length < end ? { type: "need-data" } : parseBody(bytes.subarray(messageHeaderBytes, end));
  }
}

/** Bytes that are added to, with as much work as there are of them. */
class GrowingBytes {
  #room = new Uint8Array(1_024);
  #length = 0;

  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length);
  }

  add(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#room.length) {
      const room = new Uint8Array(Math.max(length, 2 * this.#room.length));
      room.set(this.bytes);
      this.#room = room;
    }
    this.#room.set(bytes, this.#length);
    this.#length = length;
  }
}

/** With its records; those with post-quantum key shares have less than 4 KiB. */
export const maxClientHelloBytes = 65_536;

function parseBody(bytes: Uint8Array): ClientHelloReading {
  try {
    return { type: "hello", hello: parseHello(new ByteCursor(bytes)) };
  } catch (error) {
    if (error instanceof RangeError) return invalid(decodeError, error.message);
    throw error;
  }
}

function parseHello(body: ByteCursor): ClientHello {
  const legacyVersion = body.number(2);
  body.bytes(randomBytes);
  demand(body.vector(1).rest().length <= 32, "a session identifier that is too long");
  demand(body.vector(2).numbers(2).length > 0, "no cipher suite");
  demand(body.vector(1).rest().length > 0, "no compression method");
  const extensions = body.isAtEnd ? new Map<number, ByteCursor>() : parseExtensions(body.vector(2));
  demand(body.isAtEnd, "bytes after the extensions");
  const read = <T>(type: number, parse: (content: ByteCursor) => T): T | undefined => {
    const content = extensions.get(type);
    const value = content && parse(content);
    demand(content?.isAtEnd !== false, "bytes after the contents of an extension");
    return value;
  };
  return {
    versions: read(supportedVersions, (content) => content.vector(1).numbers(2)) ?? [legacyVersion],
    serverName: read(serverName, (content) => parseServerName(content.vector(2))),
    alpnProtocols: read(alpn, (content) => parseProtocols(content.vector(2))) ?? [],
    keyTypes: keyTypesOf(read(signatureAlgorithms, (content) => content.vector(2).numbers(2)) ?? []),
  };
}

/** RFC 8446 section 4.2: none comes twice. */
function parseExtensions(list: ByteCursor): ReadonlyMap<number, ByteCursor> {
  const found = new Map<number, ByteCursor>();
  while (!list.isAtEnd) {
    const type = list.number(2);
    demand(!found.has(type), "the same extension twice");
    found.set(type, list.vector(2));
  }
  return found;
}

/** RFC 6066 section 3: there is one name at most. */
function parseServerName(names: ByteCursor): string | undefined {
  let found: string | undefined;
  while (!names.isAtEnd) {
    const type = names.number(1);
    const name = names.vector(2).rest();
    if (type !== hostName) continue;
    demand(found === undefined, "two server names");
    demand(name.length <= 255 && /^[\x21-\x7e]+$/.test(latin1(name)), "a server name that is none");
    found = latin1(name).toLowerCase();
  }
  return found;
}

function parseProtocols(list: ByteCursor): readonly string[] {
  const protocols: string[] = [];
  while (!list.isAtEnd) {
    const protocol = latin1(list.vector(1).rest());
    demand(protocol !== "", "a protocol without a name");
    protocols.push(protocol);
  }
  return protocols;
}

/** One character per byte; for 255 at most. */
function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new RangeError(otherwise);
}

function invalid(alert: number, detail: string): ClientHelloReading {
  return { type: "invalid", alert, detail };
}

// RFC 8446 sections 5.1, 4 and 4.2; RFC 6066 section 3; RFC 7301
const alertRecord = 21;
const handshakeRecord = 22;
const headerBytes = 5;
const maxRecordBytes = 16_384;
const messageHeaderBytes = 4;
const clientHello = 1;
const randomBytes = 32;
const serverName = 0;
const signatureAlgorithms = 13;
const alpn = 16;
const supportedVersions = 43;
const hostName = 0;
// RFC 8446 section 6.2
const unexpectedMessage = 10;
const recordOverflow = 22;
const decodeError = 50;
const tooLong = invalid(decodeError, "a ClientHello that is too long");
