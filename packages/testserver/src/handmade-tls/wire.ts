import type { Socket } from "node:net";
import { alertDescription, contentType, handshakeType } from "./protocol/code-points.ts";
import { formatKeyUpdate } from "./protocol/handshake-messages.ts";
import { concat, number, Reader } from "./protocol/presentation.ts";
import { formatRecord, RecordReader, type TlsRecord } from "./protocol/records.ts";
import type { RecordProtection } from "./record-protection.ts";
import { Transcript } from "./sha256.ts";

/** A handshake message of the client. */
export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
  /** All of it, as the transcript takes it. */
  readonly bytes: Uint8Array;
}

/** How what is sent is cut. */
export interface WireOptions {
  /** Longest content of a record of a handshake message; 16,384 by default. */
  readonly fragmentBytes?: number | undefined;
  /** Puts messages into one record that follow each other with the same keys. */
  readonly gathersMessages?: boolean | undefined;
  /** Longest content of a protected record of the client; 16,384 by default. RFC 8449 section 4. */
  readonly receiveLimitBytes?: number | undefined;
  /** Drops records that cannot be opened, as a server does that refuses early data (RFC 8446 section 4.2.10). */
  readonly dropsUnreadable?: boolean | undefined;
}

/** Why a conversation cannot go on, with the alert that tells the client; without one where the client told us. */
export class ConversationFailure extends Error {
  readonly alert: number | undefined;

  constructor(message: string, alert?: number) {
    super(message);
    this.alert = alert;
  }
}

const maxMessageBytes = 2 ** 16;
const maxDroppedBytes = 2 ** 17;

/**
 * A connection that TLS is spoken on by hand: whole messages to read, and messages, records and bare bytes to write, in
 * any order that one likes.
 */
export class Wire {
  /** Protects what comes from now on. */
  receiving: RecordProtection | undefined;
  readonly transcript = new Transcript();
  readonly socket: Socket;
  readonly #options: WireOptions;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #reader = new RecordReader();
  #records: TlsRecord[] = [];
  #handshake: Uint8Array = new Uint8Array();
  #droppedBytes = 0;
  #sending: RecordProtection | undefined;
  #gathered: Uint8Array = new Uint8Array();

  constructor(socket: Socket, options: WireOptions = {}) {
    this.socket = socket;
    this.#options = options;
    this.#chunks = socket.iterator({ destroyOnReturn: false });
  }

  /** Protects what is sent. */
  get sending(): RecordProtection | undefined {
    return this.#sending;
  }

  set sending(protection: RecordProtection | undefined) {
    this.#flush();
    this.#sending = protection;
  }

  /** Sends a handshake message, which counts in the transcript. */
  handshake(message: Uint8Array): void {
    this.transcript.add(message);
    this.message(message);
  }

  /** Sends a handshake message past the transcript: one that comes after the handshake, or that should not be there. */
  message(message: Uint8Array): void {
    this.#gathered = concat(this.#gathered, message);
    if (this.#options.gathersMessages !== true) this.#flush();
  }

  /** Sends a record, of any type and length, protected as the moment asks. */
  record(type: number, content: Uint8Array, paddingBytes = 0): void {
    this.#flush();
    this.raw(this.#protect(type, content, paddingBytes));
  }

  /** Sends bytes as they are. */
  raw(bytes: Uint8Array | string): void {
    if (this.socket.writable) this.socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  /** RFC 8446 section 6: level 2 is fatal. */
  alert(description: number, level: 1 | 2 = 2): void {
    this.record(contentType.alert, Uint8Array.of(level, description));
  }

  /** Ends TCP in order; what says so in TLS is the caller's. */
  end(): void {
    this.socket.end();
  }

  /** Leaves the connection to the client: what it sends is thrown away, and when it ends, so do we. */
  async leave(): Promise<void> {
    await this.#chunks.return?.();
    this.#records = [];
    this.socket.resume();
  }

  /** The next record's content, opened. */
  async read(): Promise<TlsRecord> {
    this.#flush();
    for (;;) {
      const record = await this.#nextRecord();
      const opened = record.type === contentType.changeCipherSpec ? record : this.#open(record);
      if (opened === undefined) continue;
      if (this.receiving !== undefined && opened.content.length > (this.#options.receiveLimitBytes ?? 16_384)) {
        throw new ConversationFailure("a record is longer than was agreed", alertDescription.recordOverflow);
      }
      if (opened.type === contentType.alert) {
        throw new ConversationFailure(`the client sent alert ${String(opened.content[1])}`);
      }
      return opened;
    }
  }

  /** The next handshake message. Of other records only ChangeCipherSpec may come before it. */
  async nextMessage(): Promise<HandshakeMessage> {
    for (;;) {
      const message = this.#takeMessage();
      if (message !== undefined) return message;
      const { type, content } = await this.read();
      if (type === contentType.changeCipherSpec) continue;
      if (type !== contentType.handshake) {
        throw new ConversationFailure(`content of type ${type}`, alertDescription.unexpectedMessage);
      }
      this.#handshake = concat(this.#handshake, content);
    }
  }

  /** The next handshake message, which counts in the transcript and has to be of this type. */
  async expect(type: number): Promise<HandshakeMessage> {
    const message = await this.nextMessage();
    if (message.type !== type) {
      throw new ConversationFailure(`a message of type ${message.type}`, alertDescription.unexpectedMessage);
    }
    this.transcript.add(message.bytes);
    return message;
  }

  /** The next piece of application data; answers a KeyUpdate on the way. RFC 8446 section 4.6.3. */
  async applicationData(): Promise<Uint8Array> {
    for (;;) {
      const { type, content } = await this.read();
      if (type === contentType.applicationData) return content;
      if (type === contentType.handshake && content[0] === handshakeType.keyUpdate) {
        this.receiving?.update();
        if (content[4] === 1) this.updateKeys(0);
      }
    }
  }

  /** Announces the next keys, and sends by them from now on. */
  updateKeys(request: 0 | 1): void {
    this.message(formatKeyUpdate(request));
    this.sending?.update();
  }

  #protect(type: number, content: Uint8Array, paddingBytes = 0): Uint8Array {
    return this.#sending?.seal(type, content, paddingBytes) ?? formatRecord(type, content);
  }

  /** Sends the messages that were gathered. */
  #flush(): void {
    const { fragmentBytes = 16_384 } = this.#options;
    const messages = this.#gathered;
    this.#gathered = new Uint8Array();
    for (let at = 0; at < messages.length; at += fragmentBytes) {
      this.raw(this.#protect(contentType.handshake, messages.subarray(at, at + fragmentBytes)));
    }
  }

  async #nextRecord(): Promise<TlsRecord> {
    for (;;) {
      const record = this.#records.shift();
      if (record !== undefined) return record;
      const next = await this.#chunks.next();
      if (next.done === true) throw new ConversationFailure("the client closed the connection");
      try {
        this.#records.push(...this.#reader.add(next.value));
      } catch (error) {
        throw error instanceof RangeError ? new ConversationFailure(error.message) : error;
      }
    }
  }

  #open(record: TlsRecord): TlsRecord | undefined {
    if (this.receiving === undefined) return record;
    try {
      return this.receiving.open(record);
    } catch {
      this.#droppedBytes += record.content.length;
      if (this.#options.dropsUnreadable === true && this.#droppedBytes <= maxDroppedBytes) return undefined;
      throw new ConversationFailure("a record that cannot be opened", alertDescription.badRecordMac);
    }
  }

  #takeMessage(): HandshakeMessage | undefined {
    const pending = this.#handshake;
    if (pending.length < 4) return undefined;
    const reader = new Reader(pending);
    const type = reader.number(1);
    const length = reader.number(3);
    if (length > maxMessageBytes) throw new ConversationFailure("a message is too long", alertDescription.decodeError);
    if (pending.length < 4 + length) return undefined;
    const body = reader.bytes(length);
    this.#handshake = pending.subarray(4 + length);
    return { type, body, bytes: pending.subarray(0, 4 + length) };
  }
}

/** What says that the next record is protected by new keys (RFC 5246 section 7.1), and nothing in TLS 1.3. */
export const changeCipherSpec = number(1, 1);
