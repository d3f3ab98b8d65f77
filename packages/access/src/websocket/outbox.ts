import type { WebSocketConnection } from "@fairlead/transport/websocket";

/** What may be sent: a string is a text, everything else a binary message. */
export type WebSocketData = string | ArrayBufferLike | ArrayBufferView | Blob;

/** Messages on their way to one connection. Those behind a `Blob` wait until that was read: their order is that of `send`. */
export class Outbox {
  readonly #connection: WebSocketConnection;
  #waiting: (string | Uint8Array | Blob)[] = [];
  #waitingBytes = 0;
  #reading: Promise<void> | undefined;
  #room: PromiseWithResolvers<void> | undefined;
  #loss: { readonly error: unknown } | undefined;

  constructor(connection: WebSocketConnection) {
    this.#connection = connection;
  }

  static sizeOf(data: WebSocketData): number {
    if (typeof data === "string") return Buffer.byteLength(data);
    return data instanceof Blob ? data.size : data.byteLength;
  }

  /** Bytes that have not left. */
  get bytes(): number {
    return this.#waitingBytes + this.#connection.bufferedBytes;
  }

  send(data: WebSocketData): void {
    const message = typeof data === "string" || data instanceof Blob ? data : this.#bytesOf(data);
    if (this.#reading === undefined && !(message instanceof Blob)) {
      this.#handOver(message);
      return;
    }
    this.#waiting.push(message);
    this.#waitingBytes += Outbox.sizeOf(message);
    this.#reading ??= this.#readBlobs();
  }

  /** Says Close behind all that was sent. */
  close(code: number | undefined, reason: string): void {
    if (this.#reading === undefined) this.#connection.close(code, reason);
    else void this.#reading.then(() => this.#connection.close(code, reason));
  }

  /** Resolves when the connection has all of it. */
  async handedOver(): Promise<void> {
    await this.#reading;
  }

  /** Resolves when there is room. */
  async drained(): Promise<void> {
    await this.#reading;
    if (this.#loss !== undefined) throw this.#loss.error;
    await this.#room?.promise;
  }

  onDrain(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  lose(error: unknown): void {
    this.#loss = { error };
    this.#room?.reject(error);
    this.#room = undefined;
  }

  #handOver(message: string | Uint8Array): void {
    if (this.#connection.send(message) || this.#room !== undefined) return;
    this.#room = Promise.withResolvers();
    // Whoever waits for room is told.
    this.#room.promise.catch(() => undefined);
  }

  /** A copy, unless it is masked at once, which makes one: whoever sent it may change it. */
  #bytesOf(data: ArrayBufferLike | ArrayBufferView): Uint8Array {
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    return this.#connection.deflate === undefined && this.#reading === undefined ? bytes : bytes.slice();
  }

  async #readBlobs(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      try {
        const message = next instanceof Blob ? new Uint8Array(await next.arrayBuffer()) : next;
        if (this.#loss !== undefined) break;
        this.#handOver(message);
      } catch (error) {
        // A file behind a Blob may have gone.
        this.#connection.destroy(error);
        break;
      }
      this.#waitingBytes -= Outbox.sizeOf(next);
      this.#waiting.shift();
    }
    this.#reading = undefined;
  }
}
