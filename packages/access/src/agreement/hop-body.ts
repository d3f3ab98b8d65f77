import type { Readable } from "node:stream";
import type { HopOptions } from "../dispatch.ts";
import { isWhole } from "../pool/request-body-source.ts";
import type { EngineBody } from "../request-body.ts";
import { RepeatableBody } from "./repeatable-body.ts";

/** Bytes of a stream that are kept, so that a request can be repeated that a server refused while it came. */
const STREAM_LIMIT_BYTES = 64 * 1024;
/** The same where the bytes are in memory anyway, but for files in a form. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** The body of one hop, for as many tries as it takes. */
export class HopBody {
  readonly #options: HopOptions;
  readonly #repeatable: RepeatableBody | undefined;
  #isFirst = true;

  constructor(options: HopOptions) {
    this.#options = options;
    this.#repeatable = repeatableBody(options);
  }

  /** From its start, for the next try. @throws what the application's function throws that opens it anew. */
  open(): EngineBody {
    const { body, exchange } = this.#options;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    // The engine reads any iterable; its type names Readable only.
    if (this.#repeatable !== undefined) return this.#repeatable.read() as unknown as Readable;
    const reopened = isFirst || exchange.body !== "replayable" ? undefined : exchange.reopenBody?.();
    return (body ?? null) === null ? null : (reopened ?? body ?? null);
  }

  /** Whether it can be sent once more. */
  get canRepeat(): boolean {
    return this.#repeatable?.isWhole !== false;
  }

  /** Its bytes where they need not be read: `undefined` for a stream, and for a form, whose bytes the engine makes. */
  get bytes(): Uint8Array | undefined {
    const { body } = this.#options;
    if ((body ?? null) === null) return new Uint8Array();
    if (typeof body === "string") return Buffer.from(body);
    return body instanceof Uint8Array ? body : undefined;
  }

  /** Reads it whole, to be sent after that; `undefined` where it is too large to be kept, or a form. */
  async read(): Promise<Uint8Array | undefined> {
    if (this.bytes !== undefined) return this.bytes;
    const source = this.open();
    if (source === null || typeof source !== "object" || !(Symbol.asyncIterator in source)) return undefined;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const piece of source as AsyncIterable<Uint8Array | string>) {
      const chunk = Buffer.from(piece as Uint8Array);
      size += chunk.length;
      if (size > BODY_LIMIT_BYTES || !this.canRepeat) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** It will not be sent again. */
  release(): void {
    this.#repeatable?.release();
  }

  /** Nobody reads it any more. */
  close(reason: Error | undefined): void {
    this.#repeatable?.close(reason);
  }
}

/** Makes a body repeatable that can be read once, unless the application can open it anew. */
export function repeatableBody({ body, exchange }: HopOptions): RepeatableBody | undefined {
  if (exchange.body === "replayable" && exchange.reopenBody !== undefined) return undefined;
  if (isWhole(body)) return undefined;
  // What is left is read by iteration.
  return new RepeatableBody(body as Readable, exchange.body === "replayable" ? BODY_LIMIT_BYTES : STREAM_LIMIT_BYTES);
}
