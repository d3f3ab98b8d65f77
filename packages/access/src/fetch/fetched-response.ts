import type { Readable } from "node:stream";
import type { ResponseFields } from "../dispatch.ts";
import { joinChunks } from "../response-receiver.ts";
import { byteStream, isDisturbed, type ByteStream } from "./byte-stream.ts";
import { responseHeaders } from "./response-headers.ts";

/** What a response says before its body. */
export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** Without a fragment. */
  readonly url: string;
  readonly redirected: boolean;
  readonly type: Response["type"];
  readonly fields: ResponseFields;
}

/** The body of a response, its content coding undone, on its way to whoever reads it. It is read once. */
export interface ResponseContent {
  /** The whole body. The chunks are nobody's to change. */
  gather(): Promise<readonly Uint8Array[]>;
  /** All of a stream that was opened on it. */
  gatherFrom(stream: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]>;
  /** The body as it comes; destroying the stream gives up the rest. */
  open(): Readable;
  /** Gives up what is left. */
  discard(): void;
  /** What a failure of the body is to those who read it. */
  readonly explain: (error: unknown) => unknown;
}

/** Gives up bodies whose responses nobody holds any more, and nobody began to read. */
const abandoned = new FinalizationRegistry<ResponseContent>((content) => {
  content.discard();
});

/**
 * A response as the standard has it, whose parts are made when someone looks: most are asked for their status and one
 * reading of their body, and the runtime's own would cost more than the request. It is an `instanceof` the runtime's
 * `Response`, whose code reads it by the same properties.
 */
export class FetchedResponse implements globalThis.Response {
  readonly #head: ResponseHead;
  #headers: Headers | undefined;
  /** `undefined` for a response without a body. */
  readonly #content: ResponseContent | undefined;
  /** The body, where someone looked at it. */
  #stream: ByteStream | undefined;
  /** Whether the body is being, or was, read without a stream. */
  #isRead = false;

  private constructor(head: ResponseHead, content: ResponseContent | undefined, stream: ByteStream | undefined) {
    this.#head = head;
    this.#content = content;
    this.#stream = stream;
  }

  /** Makes the response of one head and what came after it; `undefined` for no body. */
  static create(head: ResponseHead, content: ResponseContent | undefined): FetchedResponse {
    joinRuntime();
    return new FetchedResponse(head, content, undefined);
  }

  /** The same response with another body. */
  static withContent(response: FetchedResponse, content: ResponseContent): FetchedResponse {
    return new FetchedResponse(response.#head, content, undefined);
  }

  get status(): number {
    return this.#head.status;
  }

  get statusText(): string {
    return this.#head.statusText;
  }

  get ok(): boolean {
    return this.#head.status >= 200 && this.#head.status <= 299;
  }

  get url(): string {
    return this.#head.url;
  }

  get redirected(): boolean {
    return this.#head.redirected;
  }

  get type(): Response["type"] {
    return this.#head.type;
  }

  get headers(): Headers {
    return (this.#headers ??= responseHeaders(this.#head.fields));
  }

  get body(): ByteStream | null {
    return this.#content === undefined ? null : this.#openStream(this.#content);
  }

  get bodyUsed(): boolean {
    return this.#isRead || (this.#stream !== undefined && isDisturbed(this.#stream));
  }

  async text(): Promise<string> {
    return decodeText(await this.#read());
  }

  async json(): Promise<unknown> {
    return JSON.parse(decodeText(await this.#read()));
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return ownBytes(await this.#read());
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return ownBytes(await this.#read()).buffer;
  }

  async blob(): Promise<Blob> {
    return (await this.#runtimeResponse()).blob();
  }

  async formData(): Promise<FormData> {
    // Deprecated for large forms on servers, and the standard has it all the same.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return (await this.#runtimeResponse()).formData();
  }

  clone(): FetchedResponse {
    if (this.#isUnusable) throw new TypeError("a response whose body was read, or is locked, cannot be cloned");
    if (this.#content === undefined) return new FetchedResponse(this.#head, undefined, undefined);
    const [own, others] = this.#openStream(this.#content).tee();
    this.#stream = own;
    return new FetchedResponse(this.#head, this.#content, others);
  }

  /** Called when all of a short body had its chance to come: what is left is given up when nobody holds the response. */
  watch(): void {
    if (this.#content !== undefined && !this.#isRead && this.#stream === undefined) {
      abandoned.register(this, this.#content, this);
    }
  }

  get #isUnusable(): boolean {
    return this.bodyUsed || this.#stream?.locked === true;
  }

  async #read(): Promise<readonly Uint8Array[]> {
    if (this.#isUnusable) throw new TypeError("the body is unusable: it was read already, or is locked");
    if (this.#content === undefined) return [];
    if (this.#stream !== undefined) return this.#content.gatherFrom(this.#stream);
    this.#isRead = true;
    return this.#content.gather();
  }

  #openStream(content: ResponseContent): ByteStream {
    if (this.#stream !== undefined) return this.#stream;
    if (this.#isRead) {
      this.#stream = readStream();
    } else {
      abandoned.unregister(this);
      this.#stream = byteStream(content.open(), content.explain);
    }
    return this.#stream;
  }

  /** For what depends on the rules of media types, which the runtime has. */
  async #runtimeResponse(): Promise<Response> {
    const bytes = ownBytes(await this.#read());
    const type = this.headers.get("content-type");
    return new Response(bytes, type === null ? {} : { headers: { "content-type": type } });
  }
}

let isJoined = false;

/**
 * Makes `instanceof Response` true, at the first response: asking the runtime for its class loads its whole fetch, which
 * is no cost for an import to have. What stands on the prototype stays enumerable, as it is on the runtime's.
 */
function joinRuntime(): void {
  if (isJoined) return;
  isJoined = true;
  const { prototype } = FetchedResponse;
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name !== "watch") Object.defineProperty(prototype, name, { ...property, enumerable: name !== "constructor" });
  }
  Object.defineProperty(prototype, "constructor", { value: Response });
  Object.setPrototypeOf(prototype, Response.prototype);
}

/** What is left of a body that was read whole: as after any reading, nobody else can have it. */
function readStream(): ByteStream {
  const stream: ByteStream = new ReadableStream({ type: "bytes" });
  void stream.getReader().cancel();
  return stream;
}

/** UTF-8, a byte order mark removed. Encoding Standard section 6, "UTF-8 decode". */
function decodeText(chunks: readonly Uint8Array[]): string {
  const { buffer, byteOffset, byteLength } = joinChunks(chunks);
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString("utf8", isMarked ? 3 : 0);
}

/** Bytes in memory of their own, which the application may do with as it likes. */
function ownBytes(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let length = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, length);
    length += chunk.length;
  }
  return bytes;
}
