import type { BodySource, Exchange } from "../exchange/index.ts";
import { bodyStream, isDisturbed, readStream, type ByteStream } from "./body-stream.ts";
import { streamSource } from "./content-source.ts";
import { fieldHeaders } from "./field-headers.ts";
import { decodeText, gather, ownBytes } from "./gathering.ts";
import { RequestContent } from "./request-content.ts";
import { requestUrl } from "./request-url.ts";
import { joinRequest } from "./runtime-classes.ts";

/**
 * A request as the Fetch Standard has it, whose parts are made when someone looks: most handlers look at the method and
 * the URL. It is an `instanceof` the runtime's `Request`, and `new Request(request, init)` takes it. The server makes them.
 */
export class LeanRequest implements globalThis.Request {
  readonly #exchange: Exchange;
  readonly #origin: string;
  readonly #content: RequestContent | undefined;
  /** Whether it stands for the exchange; a clone has a share of the content only. */
  readonly #isOriginal: boolean;
  #url: string | undefined;
  #headers: Headers | undefined;
  #stream: ByteStream | undefined;
  /** Whether the content is being, or was, read without a stream. */
  #isRead = false;

  // What servers do not need is the runtime's to say.
  declare readonly cache: Request["cache"];
  declare readonly credentials: Request["credentials"];
  declare readonly duplex: "half";
  declare readonly destination: Request["destination"];
  declare readonly integrity: string;
  declare readonly keepalive: boolean;
  declare readonly mode: Request["mode"];
  declare readonly redirect: Request["redirect"];
  declare readonly referrer: string;
  declare readonly referrerPolicy: Request["referrerPolicy"];

  private constructor(exchange: Exchange, origin: string, content: RequestContent | undefined, isOriginal: boolean) {
    this.#exchange = exchange;
    this.#origin = origin;
    this.#content = content;
    this.#isOriginal = isOriginal;
  }

  /** @param origin what its URL begins with. */
  static create(exchange: Exchange, origin: string): Request {
    joinRequest(LeanRequest.prototype, toRuntime);
    const { body } = exchange;
    const request: unknown = new LeanRequest(exchange, origin, body && new RequestContent(body), true);
    // Joined, it is one.
    return request as Request;
  }

  /** Whether it is one of ours, of whatever realm. */
  static is(request: object): request is LeanRequest {
    return #exchange in request;
  }

  /** The exchange that a request stands for. */
  static exchangeOf(request: object): Exchange | undefined {
    return #exchange in request && request.#isOriginal ? request.#exchange : undefined;
  }

  /** The content of a request without a stream around it where nobody has made one; it counts as read then. */
  static takeContent(request: LeanRequest): BodySource | undefined {
    if (request.#isUnusable) throw new TypeError(UNUSABLE);
    if (request.#stream !== undefined) return streamSource(request.#stream);
    request.#isRead = request.#content !== undefined;
    return request.#content;
  }

  /** Why the content of a request did not come whole; `undefined` as long as it may. */
  static contentFailure(request: object): unknown {
    return #exchange in request ? request.#content?.failure : undefined;
  }

  get method(): string {
    return this.#exchange.head.method;
  }

  get url(): string {
    return (this.#url ??= requestUrl(this.#origin, this.#exchange.head.path));
  }

  get headers(): Headers {
    return (this.#headers ??= fieldHeaders(this.#exchange.head.fields));
  }

  /** Fires when the client leaves before the answer is complete. */
  get signal(): AbortSignal {
    return this.#exchange.signal;
  }

  get body(): ByteStream | null {
    if (this.#content === undefined || this.#isBodiless) return null;
    return (this.#stream ??= this.#isRead ? readStream() : bodyStream(this.#content));
  }

  get bodyUsed(): boolean {
    return this.#isRead || (this.#stream !== undefined && isDisturbed(this.#stream));
  }

  async text(): Promise<string> {
    return decodeText(await this.#gather());
  }

  async json(): Promise<unknown> {
    return JSON.parse(decodeText(await this.#gather()));
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return ownBytes(await this.#gather());
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return ownBytes(await this.#gather()).buffer;
  }

  async blob(): Promise<Blob> {
    return (await this.#gathered()).blob();
  }

  async formData(): Promise<FormData> {
    // Deprecated for forms without a limit; the server's limit of content holds here.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return (await this.#gathered()).formData();
  }

  clone(): LeanRequest {
    if (this.#isUnusable) throw new TypeError(UNUSABLE);
    const clone = new LeanRequest(this.#exchange, this.#origin, this.#content, false);
    clone.#headers = this.#headers && new Headers(this.#headers);
    if (this.body !== null) [this.#stream, clone.#stream] = this.body.tee();
    return clone;
  }

  /** The content of these means nothing (RFC 9110 section 9.3.1), and the standard's Request cannot have it. */
  get #isBodiless(): boolean {
    return this.method === "GET" || this.method === "HEAD";
  }

  get #isUnusable(): boolean {
    return this.bodyUsed || this.#stream?.locked === true;
  }

  async #gather(): Promise<Buffer> {
    const content = this.#isBodiless ? undefined : LeanRequest.takeContent(this);
    return content === undefined ? NOTHING : gather(content);
  }

  /** For what depends on the rules of media types, which the runtime has. */
  async #gathered(): Promise<Response> {
    const type = this.headers.get("content-type");
    return new Response(await this.#gather(), type === null ? {} : { headers: { "content-type": type } });
  }
}

/** The runtime's own for one of ours, with the same content. */
function toRuntime(request: object, Runtime: typeof Request): Request | undefined {
  if (!LeanRequest.is(request)) return undefined;
  const { url, method, headers, signal, body } = request;
  return new Runtime(url, { method, headers, signal, body, duplex: "half" });
}

const UNUSABLE = "the body of the request was read already, or is locked";
const NOTHING = Buffer.alloc(0);
