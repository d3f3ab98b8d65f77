import type { EngineBody } from "../request-body.ts";
import { isDisturbed } from "./byte-stream.ts";
import { formatMultipart } from "./multipart.ts";

/** What a request carries, made from whatever the standard lets an application pass. */
export interface RequestContent {
  /** For `Content-Type`; `undefined` when the value says nothing about it. */
  readonly type: string | undefined;
  /** `undefined` when only its end will tell. */
  readonly sizeBytes: number | undefined;
  /** Whether `open` may be called again. */
  readonly isReplayable: boolean;
  /** What is handed to the engine for one attempt. */
  open(): EngineBody;
  /** Nobody reads it any more. */
  cancel(reason: unknown): void;
}

/**
 * Extracts the content of a `body` option.
 *
 * @throws TypeError for a stream that was read already, and for one without `duplex` or with `keepalive`.
 * @see Fetch Standard section 5.2, "extract a body"
 */
export function extractContent(body: unknown, options: { duplex: unknown; keepalive: unknown }): RequestContent {
  if (typeof body === "string") return textContent(body, "text/plain;charset=UTF-8");
  if (body instanceof URLSearchParams) {
    return textContent(body.toString(), "application/x-www-form-urlencoded;charset=UTF-8");
  }
  // A copy, since the application may go on with its own.
  if (ArrayBuffer.isView(body) || isArrayBuffer(body)) return bytesContent(Uint8Array.from(readBytes(body)));
  if (isBlob(body)) return blobContent(body);
  if (isForm(body)) return formContent(body);
  if (isAsyncIterable(body)) return streamContent(body, options);
  return textContent(String(body), "text/plain;charset=UTF-8");
}

function textContent(text: string, type: string): RequestContent {
  return {
    type,
    sizeBytes: Buffer.byteLength(text),
    isReplayable: true,
    open: () => text,
    cancel: ignore,
  };
}

/** Content of bytes that nobody changes any more. */
export function bytesContent(bytes: Uint8Array): RequestContent {
  return { type: undefined, sizeBytes: bytes.length, isReplayable: true, open: () => bytes, cancel: ignore };
}

function blobContent(blob: Blob): RequestContent {
  return {
    type: blob.type === "" ? undefined : blob.type,
    sizeBytes: blob.size,
    isReplayable: true,
    open: () => asEngineBody(readParts([blob])),
    cancel: ignore,
  };
}

function formContent(form: FormData): RequestContent {
  const { type, sizeBytes, parts } = formatMultipart(form, `----fairlead-${crypto.randomUUID()}`);
  const [only] = parts;
  if (parts.length === 1 && typeof only === "string") return textContent(only, type);
  return { type, sizeBytes, isReplayable: true, open: () => asEngineBody(readParts(parts)), cancel: ignore };
}

async function* readParts(parts: readonly (string | Blob)[]): AsyncIterable<Uint8Array> {
  for (const part of parts) {
    if (typeof part === "string") yield Buffer.from(part);
    else yield* part.stream();
  }
}

function streamContent(
  body: AsyncIterable<unknown>,
  { duplex, keepalive }: { duplex: unknown; keepalive: unknown },
): RequestContent {
  if (keepalive === true) throw new TypeError("a stream cannot be the body of a request with keepalive");
  const stream = body instanceof ReadableStream ? body : ReadableStream.from(body);
  if (stream.locked || isDisturbed(stream)) throw new TypeError("the stream that is to be the body was read already");
  if (duplex === undefined) throw new TypeError('a body that is a stream needs the option duplex: "half"');
  const reader = stream.getReader();
  return new StreamContent(readAll(reader), reader);
}

async function* readAll(reader: ReadableStreamDefaultReader<unknown>): AsyncGenerator<Uint8Array, void> {
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield readBytes(next.value);
}

/** A stream, which can be read once. */
export class StreamContent implements RequestContent {
  readonly type = undefined;
  readonly sizeBytes = undefined;
  readonly isReplayable = false;
  readonly #chunks: AsyncIterable<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<unknown>;

  /** @param reader cancelled when the content is. */
  constructor(chunks: AsyncIterable<Uint8Array>, reader: ReadableStreamDefaultReader<unknown>) {
    this.#chunks = chunks;
    this.#reader = reader;
  }

  open(): EngineBody {
    return asEngineBody(this.#read());
  }

  cancel(reason: unknown): void {
    this.#reader.cancel(reason).catch(ignore);
  }

  async *#read(): AsyncIterable<Uint8Array> {
    try {
      yield* this.#chunks;
    } finally {
      this.cancel(undefined);
    }
  }
}

/**
 * The bytes of what a body gave. The standard takes bytes alone; text is what iterables of Node.js give.
 *
 * @throws TypeError for anything else.
 */
export function readBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === "string") return Buffer.from(chunk);
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (isArrayBuffer(chunk)) return new Uint8Array(chunk);
  throw new TypeError("a stream that is a body gave what is no bytes");
}

function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
}

/** By what it says it is: a `Blob` or `FormData` of another implementation is as good. */
function isBlob(value: unknown): value is Blob {
  return /^\[object (?:Blob|File)\]$/.test(Object.prototype.toString.call(value)) && "stream" in (value as object);
}

function isForm(value: unknown): value is FormData {
  return Object.prototype.toString.call(value) === "[object FormData]";
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** The engine reads any iterable; its type names Readable only. */
function asEngineBody(body: AsyncIterable<Uint8Array>): EngineBody {
  return body as unknown as EngineBody;
}

function ignore(): void {
  // Nothing is held that could be given up, or nobody is left to hear how that went.
}
