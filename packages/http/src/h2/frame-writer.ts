import { Flag, FRAME_HEAD_LENGTH, FrameType } from "./frames.ts";
import { Octets } from "./octets.ts";
import { PREFACE } from "./preface.ts";

/** Data up to this size is copied behind its frame's head; larger pieces go out as they are. */
const COPY_LIMIT = 2_048;

/** Writes frames, and keeps them until they are taken. */
export class FrameWriter {
  #chunks: Uint8Array[] = [];
  readonly #octets = new Octets(4096);
  #length = 0;

  /** Octets that wait to be taken. */
  get length(): number {
    return this.#length + this.#octets.length;
  }

  /** All that was written, in order, for good. */
  take(): readonly Uint8Array[] {
    this.#cut();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#length = 0;
    return chunks;
  }

  preface(): void {
    this.#octets.put(PREFACE);
  }

  /** @param settings numbers and values. */
  settings(settings: readonly (readonly [number, number])[]): void {
    this.#head(6 * settings.length, FrameType.settings, 0, 0);
    for (const [setting, value] of settings) {
      this.#octets.putOctet(0);
      this.#octets.putOctet(setting);
      this.#octets.putUint32(value);
    }
  }

  settingsAck(): void {
    this.#head(0, FrameType.settings, Flag.ack, 0);
  }

  /** @param payload eight octets. */
  ping(payload: Uint8Array, isAck: boolean): void {
    this.#head(8, FrameType.ping, isAck ? Flag.ack : 0, 0);
    this.#octets.put(payload);
  }

  goAway(lastStream: number, code: number): void {
    this.#head(8, FrameType.goAway, 0, 0);
    this.#octets.putUint32(lastStream);
    this.#octets.putUint32(code);
  }

  windowUpdate(stream: number, increment: number): void {
    this.#head(4, FrameType.windowUpdate, 0, stream);
    this.#octets.putUint32(increment);
  }

  rstStream(stream: number, code: number): void {
    this.#head(4, FrameType.rstStream, 0, stream);
    this.#octets.putUint32(code);
  }

  /** A field block: `encode` writes it; as many CONTINUATION frames follow as it takes. */
  headers(stream: number, endStream: boolean, frameSize: number, encode: (into: Octets) => void): void {
    const octets = this.#octets;
    const start = octets.length;
    this.#head(0, FrameType.headers, Flag.endHeaders | (endStream ? Flag.endStream : 0), stream);
    encode(octets);
    const length = octets.length - start - FRAME_HEAD_LENGTH;
    if (length <= frameSize) {
      const bytes = octets.view();
      bytes[start] = length >>> 16;
      bytes[start + 1] = length >>> 8;
      bytes[start + 2] = length;
      return;
    }
    const block = octets.view(start + FRAME_HEAD_LENGTH).slice();
    octets.rewind(start);
    for (let from = 0; from < block.length; from += frameSize) {
      const piece = block.subarray(from, from + frameSize);
      const flags = from + piece.length === block.length ? Flag.endHeaders : 0;
      if (from === 0) this.#head(piece.length, FrameType.headers, flags | (endStream ? Flag.endStream : 0), stream);
      else this.#head(piece.length, FrameType.continuation, flags, stream);
      octets.put(piece);
    }
  }

  /** @param data no more than a frame takes; it must stay as it is until it is written. */
  data(stream: number, data: Uint8Array, endStream: boolean): void {
    this.#head(data.length, FrameType.data, endStream ? Flag.endStream : 0, stream);
    if (data.length <= COPY_LIMIT) {
      this.#octets.put(data);
      return;
    }
    this.#cut();
    this.#chunks.push(data);
    this.#length += data.length;
  }

  #head(length: number, type: number, flags: number, stream: number): void {
    const octets = this.#octets;
    octets.putUint32((length << 8) | type);
    octets.putOctet(flags);
    octets.putUint32(stream);
  }

  #cut(): void {
    if (this.#octets.length === 0) return;
    const chunk = this.#octets.take();
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }
}
