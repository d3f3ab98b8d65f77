import { UsageError } from "@fairlead/core";
import type { WebSocketConnection } from "@fairlead/transport/websocket";
import { Confirmations } from "./confirmations.ts";
import { Outbox, type WebSocketData } from "./outbox.ts";

/** One open connection of a WebSocket: what goes by it, and whether that has arrived. With `reconnect`, one follows another. */
export class Link {
  readonly #connection: WebSocketConnection;
  readonly #peer: string;
  readonly #outbox: Outbox;
  readonly #confirmations = new Confirmations();
  #loss: { readonly error: unknown } | undefined;

  constructor(connection: WebSocketConnection, peer: string) {
    this.#connection = connection;
    this.#peer = peer;
    this.#outbox = new Outbox(connection);
  }

  /** Until the peer has said Close, or broken a rule, or it is lost. */
  get isOpen(): boolean {
    return this.#connection.state === "open";
  }

  /** Bytes that have not left, or never will. */
  get bytes(): number {
    return this.#outbox.bytes;
  }

  send(data: WebSocketData): void {
    this.#outbox.send(data);
  }

  /** Resolves when there is room. @throws what it was lost to. */
  drained(): Promise<void> {
    return this.#outbox.drained();
  }

  /** Resolves when the peer has read what was sent. @throws what it was lost to. */
  async confirmed(): Promise<void> {
    await this.#outbox.handedOver();
    if (!this.isOpen) throw this.#loss === undefined ? notOpen("confirm", this.#peer) : this.#loss.error;
    await this.#confirmations.ask(this.#connection);
  }

  /** Lets the peer send, or holds it back. */
  setRoom(hasRoom: boolean): void {
    if (hasRoom) this.#connection.resume();
    else this.#connection.pause();
  }

  /** Says Close behind all that was sent; nobody hears messages any more, and the peer's Close lies behind them. */
  close(code: number | undefined, reason: string): void {
    this.#connection.resume();
    this.#outbox.close(code, reason);
  }

  onDrain(): void {
    this.#outbox.onDrain();
  }

  onPong(payload: Uint8Array): void {
    this.#confirmations.onPong(payload);
  }

  /** It is over; `error` is what whoever waits for it is told, if there is one. */
  lose(error: unknown): void {
    this.#loss = { error: error ?? notOpen("confirm", this.#peer) };
    this.#confirmations.fail(this.#loss.error);
    this.#outbox.lose(error ?? notOpen("send", this.#peer));
  }
}

/** What needs an open WebSocket, and has none. */
export function notOpen(operation: string, peer: string): UsageError {
  return new UsageError("WEBSOCKET_NOT_OPEN", { peer, operation });
}
