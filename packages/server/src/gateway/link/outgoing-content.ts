import type { BodySink, BodySource, FlatFields } from "../../exchange/index.ts";
import { SendCredit } from "../protocol/index.ts";

/** Where content goes, as far as its credit reaches. */
export interface OutgoingFrames {
  data(bytes: Uint8Array, isEnd: boolean): void;
  trailers(fields: FlatFields): void;
}

/** Content that leaves in frames; what has no credit yet waits. */
export class OutgoingContent implements BodySink {
  readonly #frames: OutgoingFrames;
  readonly #credit: SendCredit;
  #waiting: Uint8Array[] = [];
  #state: "open" | "ending" | "over" = "open";
  #trailers: FlatFields = [];
  #room: PromiseWithResolvers<void> | undefined;
  #error: Error | undefined;
  #bytesSent = 0;

  constructor(windowBytes: number, frames: OutgoingFrames) {
    this.#credit = new SendCredit(windowBytes);
    this.#frames = frames;
  }

  /** Whether its end has left, or it was given up. */
  get isOver(): boolean {
    return this.#state === "over";
  }

  /** Octets that have left. */
  get bytesSent(): number {
    return this.#bytesSent;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#state !== "open") return this.#error === undefined;
    if (bytes.length === 0) return this.#waiting.length === 0;
    this.#waiting.push(bytes);
    this.#send();
    return this.#waiting.length === 0 && this.#credit.octets > 0;
  }

  drained(): Promise<void> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#state === "over" || (this.#waiting.length === 0 && this.#credit.octets > 0)) return Promise.resolve();
    this.#room ??= Promise.withResolvers();
    return this.#room.promise;
  }

  end(trailers: FlatFields = []): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#trailers = trailers;
    if (this.#waiting.length === 0) this.#finish();
  }

  /** Writes the last of it, which says that it is the last. */
  endWith(bytes: Uint8Array): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#waiting.push(bytes);
    this.#send();
  }

  /** @throws ProtocolError GATEWAY_FRAME_INVALID for more than there may be. */
  grant(octets: number): void {
    this.#credit.grant(octets);
    this.#send();
    if (this.#waiting.length === 0 && this.#credit.octets > 0) this.#tellRoom();
  }

  /** Nothing more leaves. */
  fail(reason: unknown): void {
    if (this.#state === "over") return;
    this.#state = "over";
    const error = reason instanceof Error ? reason : new Error("the content is not wanted", { cause: reason });
    this.#error = error;
    this.#waiting = [];
    // Who waits for room learns why there is none; if nobody does, nobody is told.
    this.#room?.promise.catch(() => undefined);
    this.#room?.reject(error);
  }

  #send(): void {
    while (this.#credit.octets > 0) {
      const first = this.#waiting[0];
      if (first === undefined) return;
      const bytes = first.length <= this.#credit.octets ? first : first.subarray(0, this.#credit.octets);
      this.#credit.spend(bytes.length);
      this.#bytesSent += bytes.length;
      if (bytes === first) this.#waiting.shift();
      else this.#waiting[0] = first.subarray(bytes.length);
      if (this.#state === "ending" && this.#waiting.length === 0) this.#finish(bytes);
      else this.#frames.data(bytes, false);
    }
  }

  #tellRoom(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  #finish(last?: Uint8Array): void {
    this.#state = "over";
    this.#tellRoom();
    if (this.#trailers.length === 0) {
      this.#frames.data(last ?? new Uint8Array(), true);
      return;
    }
    if (last !== undefined) this.#frames.data(last, false);
    this.#frames.trailers(this.#trailers);
  }
}

/** Sends all of some content. Rejects with the reason when it does not come, or nobody takes it. */
export async function passContent(source: BodySource, sink: BodySink): Promise<void> {
  for (;;) {
    const piece = await source.read();
    if (piece === undefined) break;
    if (!sink.write(piece)) await sink.drained();
  }
  sink.end(source.trailers);
}
