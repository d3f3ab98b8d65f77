import type { Duplex } from "node:stream";
import { ProtocolError } from "@fairlead/core";
import { transportErrorFrom } from "@fairlead/transport";
import { CoapFrameReader, type CoapStreamLimits } from "../protocol/index.ts";
import type { CarrierHearer, MessageCarrier } from "./message-carrier.ts";

/** Carries messages by a stream of bytes, which it owns. RFC 8323 section 3. */
export class ByteStreamCarrier implements MessageCarrier {
  readonly framing = "stream";
  readonly #stream: Duplex;
  readonly #peer: string;
  readonly #reader: CoapFrameReader;
  /** What came and is not read yet. */
  #left: Uint8Array = none;
  #isHeld = false;
  #hearer: CarrierHearer | undefined;

  constructor(stream: Duplex, peer: string, limits: CoapStreamLimits) {
    this.#stream = stream;
    this.#peer = peer;
    this.#reader = new CoapFrameReader(limits);
  }

  start(hearer: CarrierHearer): void {
    const stream = this.#stream;
    this.#hearer = hearer;
    stream.on("error", (error) => {
      hearer.failed(transportErrorFrom(error, { peer: this.#peer, operation: "read" }));
    });
    stream.on("end", () => {
      if (!this.#reader.isAmidMessage) hearer.ended();
      else
        hearer.failed(new ProtocolError("COAP_STREAM_BROKEN", { peer: this.#peer, detail: "it ends amid a message" }));
    });
    stream.on("close", () => {
      hearer.over();
    });
    stream.on("data", (chunk: Uint8Array) => {
      this.#left = chunk;
      this.#read();
    });
    // One that was accepted at rest does not flow by itself.
    stream.resume();
    // Of a stream that closed before, no event will tell.
    if (stream.closed) {
      process.nextTick(() => {
        hearer.over();
      });
    }
  }

  write(message: Uint8Array, onProgress: (sentBytes: number) => void): void {
    // In pieces, so that a slow peer is told from one that takes nothing.
    for (let at = 0; at < message.length; at += pieceBytes) {
      const piece = message.subarray(at, at + pieceBytes);
      this.#stream.write(piece, (error) => {
        if (error === null || error === undefined) onProgress(piece.length);
      });
    }
  }

  hold(isHeld: boolean): void {
    const wasHeld = this.#isHeld;
    this.#isHeld = isHeld;
    if (isHeld) {
      this.#stream.pause();
      return;
    }
    if (wasHeld) this.#read();
    // What was read may have it held again.
    if (!this.#isHeld) this.#stream.resume();
  }

  end(): void {
    this.#stream.end();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  /** In small pieces: a chunk has room for thousands of messages, and the first ones may have the rest wait. */
  #read(): void {
    while (this.#left.length > 0 && !this.#isHeld) {
      const piece = this.#left.subarray(0, readBytes);
      this.#left = this.#left.subarray(readBytes);
      const readings = this.#reader.read(piece);
      if (readings.length > 0) this.#hearer?.heard(readings);
    }
  }
}

const pieceBytes = 65_536;
const readBytes = 1_024;
const none = new Uint8Array(0);
