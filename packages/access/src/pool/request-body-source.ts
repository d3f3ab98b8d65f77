import { UsageError } from "@fairlead/core";
import { Readable } from "node:stream";
import type { HopOptions } from "../dispatch.ts";
import { formBlob, isForm } from "../form-blob.ts";
import { hasField } from "../request-fields.ts";

type Body = HopOptions["body"];
type Pieces = AsyncIterable<unknown> | Iterable<unknown>;

/** What a request sends: nothing, bytes that are there, or pieces that come. */
export type BodySource =
  | { readonly type: "none" }
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  | {
      readonly type: "pieces";
      /** Its length in bytes; `undefined` where nobody knows. */
      readonly length: number | undefined;
      /** What the body says of itself; `undefined` when it says nothing. */
      readonly contentType: string | undefined;
      readonly pieces: OneTimeBody;
    };

const NONE: BodySource = { type: "none" };

/** Sorts what undici takes as a body. */
export function bodySource(body: Body): BodySource {
  if (body === undefined || body === null || body === "") return NONE;
  if (typeof body === "string") return bytesSource(Buffer.from(body));
  if (body instanceof Uint8Array) return bytesSource(body);
  if (body instanceof Blob) return blobSource(body, body.type === "" ? undefined : body.type);
  const form: unknown = body;
  if (isForm(form)) {
    const { blob, contentType } = formBlob(form);
    return blobSource(blob, contentType);
  }
  // What is left is read by iteration; the type that undici gives a body names Readable only.
  const pieces = body instanceof OneTimeBody ? body : new OneTimeBody(body as Pieces);
  return { type: "pieces", length: undefined, contentType: undefined, pieces };
}

/** Whether a body can be sent again, whatever was read of it. */
export function isWhole(body: Body): boolean {
  if (typeof body !== "object" || body === null) return true;
  return body instanceof Uint8Array || body instanceof Blob || isForm(body);
}

/** A body that is read once, and knows whether that was begun. */
export class OneTimeBody implements AsyncIterable<unknown> {
  readonly #body: Pieces;
  #iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined;

  constructor(body: Pieces) {
    this.#body = body;
  }

  /** Puts one in the place of a body that is not whole; everything else stays as it is. */
  static within(options: HopOptions): HopOptions {
    const { body } = options;
    if (isWhole(body)) return options;
    // Whoever sends it reads it by iteration; the type that undici gives a body names Readable only.
    return { ...options, body: new OneTimeBody(body as Pieces) as unknown as Readable };
  }

  get isRead(): boolean {
    return this.#iterator !== undefined;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    const iterator =
      Symbol.asyncIterator in this.#body ? this.#body[Symbol.asyncIterator]() : this.#body[Symbol.iterator]();
    this.#iterator = iterator;
    return { next: async () => iterator.next() };
  }

  /** Nobody reads it any more, or ever. Of a stream this is the end, even while it is waited for. */
  close(reason?: Error): void {
    if (this.#body instanceof Readable) {
      if (this.#body.destroyed) return;
      this.#body.on("error", () => undefined);
      this.#body.destroy(reason);
    } else {
      // What it does at its end is its own business.
      void (async (): Promise<unknown> => this.#iterator?.return?.())().catch(() => undefined);
    }
  }
}

/** Many bytes go in pieces: the peer's taking one of them is progress, which a deadline asks for. */
const PIECE_BYTES = 256 * 1024;

function bytesSource(bytes: Uint8Array): BodySource {
  if (bytes.length === 0) return NONE;
  if (bytes.length <= PIECE_BYTES) return { type: "bytes", bytes };
  return { type: "pieces", length: bytes.length, contentType: undefined, pieces: new OneTimeBody(piecesOf(bytes)) };
}

function* piecesOf(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

function blobSource(blob: Blob, contentType: string | undefined): BodySource {
  return { type: "pieces", length: blob.size, contentType, pieces: new OneTimeBody(blob.stream()) };
}

/** What a request's head says of it: its length where that is known. */
export function contentOf(source: BodySource): "none" | "stream" | number {
  switch (source.type) {
    case "none":
      return "none";
    case "bytes":
      return source.bytes.length;
    case "pieces":
      return source.length ?? "stream";
  }
}

/** The fields, with the type that a form or a blob has of itself, unless the application names one. */
export function withContentType(fields: readonly string[], source: BodySource): readonly string[] {
  const contentType = source.type === "pieces" ? source.contentType : undefined;
  if (contentType === undefined || hasField([...fields], "content-type")) return fields;
  return [...fields, "content-type", contentType];
}

/**
 * The next piece of a body; `undefined` at its end.
 *
 * @throws UsageError REQUEST_BODY_FAILED
 */
export async function nextPiece(iterator: AsyncIterator<unknown>, peer: string): Promise<Uint8Array | undefined> {
  let result: IteratorResult<unknown>;
  try {
    result = await iterator.next();
  } catch (cause) {
    throw new UsageError("REQUEST_BODY_FAILED", { peer, operation: "request", cause });
  }
  if (result.done === true) return undefined;
  if (result.value instanceof Uint8Array) return result.value;
  if (typeof result.value === "string") return Buffer.from(result.value);
  const detail = "it gave something other than bytes";
  throw new UsageError("REQUEST_BODY_FAILED", { peer, operation: "request", detail });
}

/** What a body is refused with that is longer or shorter than it was said to be. */
export function lengthWrong(peer: string): UsageError {
  const detail = "the body's length is not the Content-Length";
  return new UsageError("OPTION_INVALID", { peer, operation: "request", detail });
}
