import { FairleadError, ProtocolError } from "@fairlead/core";
import { type CoapStreamLimits, readWebSocketFrame } from "../protocol/index.ts";
import type { CarrierHearer, MessageCarrier } from "./message-carrier.ts";

/**
 * The part of an open WebSocket that CoAP needs. The one of a `NetworkAccessManager` has it, as has the one that
 * `acceptWebSocket` of `@fairlead/server` opens. It must not reconnect by itself: what was agreed on ends with a connection.
 */
export interface CoapWebSocket extends AsyncIterable<string | Uint8Array> {
  /** The agreed subprotocol. */
  readonly protocol: string;
  /** Resolves when it is over. */
  readonly closed: Promise<CoapWebSocketEnd>;
  /** Sends a binary message; where it returns a promise, that resolves when there is room for more. */
  send(data: Uint8Array<ArrayBuffer>): unknown;
  /** Resolves when there is room for more, where `send` does not say. */
  drained?(): Promise<void>;
  close(code?: number, reason?: string): void;
}

/** How a WebSocket ended. */
export interface CoapWebSocketEnd {
  readonly wasClean: boolean;
  readonly error?: unknown;
}

/** Carries messages by a WebSocket, one in each of its binary messages. RFC 8323 section 4. */
export class WebSocketCarrier implements MessageCarrier {
  readonly framing = "websocket";
  readonly #socket: CoapWebSocket;
  readonly #peer: string;
  readonly #limits: CoapStreamLimits;
  #gate: PromiseWithResolvers<undefined> | undefined;

  constructor(socket: CoapWebSocket, peer: string, limits: CoapStreamLimits) {
    this.#socket = socket;
    this.#peer = peer;
    this.#limits = limits;
  }

  start(hearer: CarrierHearer): void {
    void this.#read(hearer);
  }

  write(message: Uint8Array<ArrayBuffer>, onProgress: (sentBytes: number) => void): void {
    void this.#send(message, onProgress);
  }

  hold(isHeld: boolean): void {
    if (isHeld) {
      this.#gate ??= Promise.withResolvers();
    } else {
      this.#gate?.resolve(undefined);
      this.#gate = undefined;
    }
  }

  end(): void {
    this.#socket.close(normalClosure);
  }

  /** A WebSocket gives up by itself who does not answer its Close. */
  destroy(): void {
    this.hold(false);
    this.#socket.close(normalClosure);
  }

  async #read(hearer: CarrierHearer): Promise<void> {
    try {
      for await (const message of this.#socket) {
        hearer.heard([
          typeof message === "string"
            ? { type: "malformed", flaw: "text-message" }
            : readWebSocketFrame(message, this.#limits),
        ]);
        // What releases it may hold it again at once.
        while (this.#gate !== undefined) await this.#gate.promise;
      }
      const { wasClean, error } = await this.#socket.closed;
      if (wasClean) hearer.ended();
      else hearer.failed(this.#failure(error));
    } catch (error) {
      hearer.failed(this.#failure(error));
    }
    hearer.over();
  }

  async #send(message: Uint8Array<ArrayBuffer>, onProgress: (sentBytes: number) => void): Promise<void> {
    try {
      await this.#socket.send(message);
      await this.#socket.drained?.();
      onProgress(message.length);
    } catch {
      // It is over, which who reads it hears.
    }
  }

  #failure(error: unknown): FairleadError {
    if (error instanceof FairleadError) return error;
    return new ProtocolError("WEBSOCKET_CLOSED_ABRUPTLY", { peer: this.#peer, operation: "read", cause: error });
  }
}

/** RFC 6455 section 7.4.1. */
const normalClosure = 1000;
