import { setTimeout as delay } from "node:timers/promises";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Connection } from "../../connection-log.ts";
import type { TrafficLog } from "../../traffic-log.ts";
import { ByteReader, ConversationOver, somethingAt } from "./byte-reader.ts";
import type { UpgradeToTls } from "./tls-upgrade.ts";

/** What a conversation is held with. */
export interface ConversationOptions {
  readonly service: string;
  readonly connection: Connection;
  readonly traffic: TrafficLog;
  readonly upgrade: UpgradeToTls;
}

/** What a line may be long: more than any RFC asks for. */
const lineLimitBytes = 8192;
const handshakeRecord = 22;
const toldLimit = 200;

/**
 * A protocol of lines with one client, in the clear or over TLS. All that it does throws ConversationOver once the client
 * has gone, so that a protocol can be written down as if nobody ever went.
 */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #over = new AbortController();
  #stream: Duplex;
  #reader: ByteReader;
  #isSecure = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#stream = options.connection.tcp;
    this.#reader = new ByteReader(this.#stream);
    options.connection.tcp.once("close", () => {
      this.#over.abort();
    });
  }

  get isSecure(): boolean {
    return this.#isSecure;
  }

  get connection(): Connection {
    return this.#options.connection;
  }

  /** The certificate that this side has shown, DER; `undefined` in the clear. */
  get localCertificate(): Buffer | undefined {
    const certificate = this.#stream instanceof TLSSocket ? this.#stream.getCertificate() : null;
    return certificate !== null && "raw" in certificate && Buffer.isBuffer(certificate.raw)
      ? certificate.raw
      : undefined;
  }

  /** Fired when the connection is closed. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** The next line of text. `told` is what the traffic log gets of it: nothing that is secret. */
  async line(told: (line: string) => string = (line) => line): Promise<string> {
    const line = (await this.#reader.line(lineLimitBytes)).toString();
    this.#tell("client", told(line));
    return line;
  }

  /** The next line as it is, where it is a part of a message; ends with CR LF and nothing else. */
  dataLine(): Promise<Buffer> {
    return this.#reader.line(65_536, true);
  }

  /** Whether the client begins a handshake of TLS, or goes on in the clear. RFC 8446 section 5.1. */
  async beginsTls(): Promise<boolean> {
    return (await this.#reader.peek()) === handshakeRecord;
  }

  /** So many bytes; who asks has seen to it that they are not too many. */
  bytes(count: number): Promise<Buffer> {
    return this.#reader.bytes(count);
  }

  /** Sends lines. */
  async say(...lines: readonly string[]): Promise<void> {
    for (const line of lines) this.#tell("server", line);
    await this.send(lines.map((line) => `${line}\r\n`).join(""));
  }

  /** Sends bytes that are no lines of the conversation; waits until the client takes more. */
  async send(bytes: string | Uint8Array): Promise<void> {
    this.#requireClient();
    if (this.#stream.write(bytes)) return;
    await somethingAt(this.#stream, "drain");
    this.#requireClient();
  }

  /** Lets some time go by. */
  async pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.signal }).catch(() => {
      throw new ConversationOver("the client has gone");
    });
  }

  /**
   * Secures the connection. What the client sent in the clear behind its request is dropped, as it has to be; `keep` takes
   * it for something that came over TLS, and `handshake` for the beginning of the handshake, where nothing else was read before.
   */
  async secure(early: "drop" | "keep" | "handshake" = "drop"): Promise<void> {
    const { connection, upgrade } = this.#options;
    const rest = this.#reader.release();
    if (early === "handshake" && rest.length > 0) connection.tcp.unshift(rest);
    this.#stream = await upgrade(connection.tcp);
    this.#reader = new ByteReader(this.#stream, early === "keep" ? rest : undefined);
    this.#isSecure = true;
  }

  /** Secures another connection of the same client, as the server. That it fails does not end the conversation. */
  async secureOther(socket: Socket): Promise<TLSSocket> {
    try {
      return await this.#options.upgrade(socket);
    } catch (cause) {
      throw new Error("the other connection could not be secured", { cause });
    }
  }

  /** Says no more and waits for the client to go. */
  async stall(): Promise<never> {
    for (;;) await this.#reader.line(lineLimitBytes);
  }

  /** Sends lines, and ends the conversation in good order. */
  async hangUp(...lines: readonly string[]): Promise<never> {
    await this.say(...lines);
    throw new ConversationOver("it is said all");
  }

  /** Resets the connection. */
  reset(): never {
    this.connection.tcp.resetAndDestroy();
    throw new ConversationOver("the connection was reset");
  }

  /** Closes the connection, and tells what ended the conversation if it was neither side's wish. */
  finish(reason: unknown): void {
    this.#over.abort();
    if (reason instanceof ConversationOver) {
      this.#stream.end();
      this.#stream.resume();
      return;
    }
    this.connection.tcp.destroy();
    const { service, traffic } = this.#options;
    traffic.add({
      ...{ type: "failed", service, connection: this.connection.number },
      reason: reason instanceof Error ? reason.message : "something was thrown that is no error",
    });
  }

  #requireClient(): void {
    if (!this.#stream.writable) throw new ConversationOver("the client has gone");
  }

  #tell(by: "client" | "server", line: string): void {
    const { service, traffic } = this.#options;
    // Whatever a client sends must not move the cursor of who reads the log.
    const printable = line.slice(0, toldLimit).replace(/[^\x20-\x7e\u00a1-\u{10ffff}]/gu, "·");
    traffic.add({ type: "said", service, connection: this.connection.number, by, line: printable });
  }
}
