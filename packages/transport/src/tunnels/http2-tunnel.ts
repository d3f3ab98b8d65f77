import type { FlowStream } from "@fairlead/http/h2";
import { Duplex } from "node:stream";
import { PieceQueue } from "../piece-queue.ts";

type WriteCallback = (error?: Error | null) => void;

/** What a tunnel needs of its connection. */
export interface TunnelRoad {
  /** Whether the peer has to take first what was written before. */
  readonly isBlocked: boolean;
  /** Calls the tunnel's `goOn` when that is done. */
  whenUnblocked(): void;
  /** Calls back when what was sent has been written. */
  whenWritten(done: () => void): void;
  /** Nothing more is sent, and nothing more comes. */
  over(): void;
}

const NO_DATA = new Uint8Array(0);

/**
 * A stream of HTTP/2 that was given to another protocol, as a stream of bytes, at either end. Each side holds the other back: the
 * peer is given room for what was read, and what is written waits for room at the peer.
 *
 * @see RFC 8441 section 5
 */
export class Http2Tunnel extends Duplex {
  readonly #stream: FlowStream;
  readonly #road: TunnelRoad;
  /** What came while nobody wanted it. */
  readonly #kept = new PieceQueue();
  /** Whether whoever reads wants more. */
  #isWanted = false;
  #hasEnded = false;
  #rest: readonly Uint8Array[] = [];
  #written: WriteCallback | undefined;
  #isOver = false;

  constructor(stream: FlowStream, road: TunnelRoad) {
    super({ decodeStrings: true, emitClose: true });
    this.#stream = stream;
    this.#road = road;
  }

  /** Takes in what came. */
  receive(data: Uint8Array): void {
    if (this.destroyed) return;
    if (this.#isWanted && this.readableFlowing === true) {
      // It is looked at now, or kept as what was asked for.
      this.#isWanted = this.push(data);
      this.#stream.read(data.length);
    } else {
      this.#kept.push(data);
      this.#handOver();
    }
  }

  /** The peer says nothing more. */
  receiveEnd(): void {
    if (this.destroyed) return;
    this.#hasEnded = true;
    this.#handOver();
  }

  /** Goes on with what waits to be sent. */
  goOn(): void {
    const written = this.#written;
    if (written === undefined) return;
    this.#written = undefined;
    this.#send(this.#rest, written);
  }

  override _read(): void {
    this.#isWanted = true;
    this.#handOver();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, written: WriteCallback): void {
    this.#send([chunk], written);
  }

  override _writev(chunks: readonly { readonly chunk: Uint8Array }[], written: WriteCallback): void {
    this.#send(
      chunks.map(({ chunk }) => chunk),
      written,
    );
  }

  override _final(ended: WriteCallback): void {
    this.#stream.send(NO_DATA, true);
    this.#road.whenWritten(ended);
    if (this.#stream.isClosed) this.#end();
  }

  override _destroy(error: Error | null, destroyed: WriteCallback): void {
    this.#stream.reset();
    this.#rest = [];
    this.#kept.clear();
    const written = this.#written;
    this.#written = undefined;
    this.#end();
    written?.(error);
    destroyed(error);
  }

  #send(chunks: readonly Uint8Array[], written: WriteCallback): void {
    for (const [index, chunk] of chunks.entries()) {
      for (let from = 0; from < chunk.length; ) {
        const room = this.#road.isBlocked ? 0 : this.#stream.sendable;
        if (room === 0) {
          this.#rest = [chunk.subarray(from), ...chunks.slice(index + 1)];
          this.#written = written;
          if (this.#road.isBlocked) this.#road.whenUnblocked();
          else this.#stream.whenSendable();
          return;
        }
        const part = chunk.subarray(from, from + room);
        from += part.length;
        this.#stream.send(part, false);
      }
    }
    this.#rest = [];
    this.#road.whenWritten(written);
  }

  /** Gives what is kept to whoever wants it, and the peer room for as much. */
  #handOver(): void {
    while (this.#isWanted) {
      const piece = this.#kept.take();
      if (piece === undefined) break;
      this.#isWanted = this.push(piece);
      this.#stream.read(piece.length);
    }
    if (!this.#hasEnded || this.#kept.length > 0) return;
    this.#hasEnded = false;
    this.push(null);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#road.over();
  }
}
