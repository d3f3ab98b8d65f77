import type { WebSocketConnection } from "@fairlead/transport/websocket";

/** Pings that wait for their answers. A peer answers in order, and may pass over all but the last. RFC 6455 section 5.5.3. */
export class Confirmations {
  #asked = 0;
  readonly #waiting = new Map<number, PromiseWithResolvers<undefined>>();

  async ask(connection: WebSocketConnection): Promise<void> {
    this.#asked += 1;
    const answer = Promise.withResolvers<undefined>();
    this.#waiting.set(this.#asked, answer);
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(this.#asked % 2 ** 32);
    connection.ping(payload);
    await answer.promise;
  }

  onPong(payload: Uint8Array): void {
    if (payload.length !== 4) return;
    const answered = Buffer.from(payload.buffer, payload.byteOffset, 4).readUInt32BE();
    if (!this.#waiting.has(answered)) return;
    for (const [number, answer] of this.#waiting) {
      if (number > answered) return;
      this.#waiting.delete(number);
      answer.resolve(undefined);
    }
  }

  fail(error: unknown): void {
    for (const answer of this.#waiting.values()) answer.reject(error);
    this.#waiting.clear();
  }
}
