import { UsageError } from "@fairlead/core";
import type { Duplex } from "node:stream";
import type { BodySource, FlatFields } from "../exchange/index.ts";
import { bodyStream, isDisturbed, readStream, type ByteStream } from "./body-stream.ts";
import { bytesSource, isBodySource, iterableSource, streamSource } from "./content-source.ts";
import { fieldHeaders, responseFields } from "./field-headers.ts";
import { decodeText, gather, ownBytes } from "./gathering.ts";
import { joinResponse } from "./runtime-classes.ts";

/** What an answer may be made of. */
export type LeanContent = string | Uint8Array | BodySource | ByteStream | AsyncIterable<Uint8Array> | null;

/** What an answer says beside its content. */
export interface LeanResponseInit {
  /** 200 to 599; 200 when left out. */
  readonly status?: number;
  /** Names in lower case and values in turn, sent as they are. What is the driver's own (`connection`, …) is refused. */
  readonly fields?: FlatFields;
  /** More of them in the standard's form, which costs more. */
  readonly headers?: NonNullable<ConstructorParameters<typeof Headers>[0]>;
  /** What comes behind the content; a function is asked when the content has ended. */
  readonly trailers?: Trailers | undefined;
}

/** Fields that come behind content. */
export type Trailers = FlatFields | (() => FlatFields);

/** An answer in parts, to be passed on: its body belongs to whoever took them. */
export interface ResponseParts {
  readonly status: number;
  readonly fields: FlatFields;
  readonly content: string | Uint8Array | BodySource | undefined;
  /** `undefined` where there are none but those of the content's own source. */
  readonly trailers: Trailers | undefined;
}

/** Given the connection when an upgrade was agreed to. */
export type OnUpgrade = (stream: Duplex) => void;

const NO_FIELDS: FlatFields = Object.freeze([]);
const TEXT: FlatFields = Object.freeze(["content-type", "text/plain;charset=UTF-8"]);
const JSON_TYPE: FlatFields = Object.freeze(["content-type", "application/json"]);

/** The class of {@link LeanResponse}, and what those who send it may know. */
export class OwnResponse implements globalThis.Response {
  #status: number;
  readonly #fields: FlatFields;
  readonly #content: string | Uint8Array | BodySource | undefined;
  readonly #trailers: Trailers | undefined;
  #onUpgrade: OnUpgrade | undefined;
  #headers: Headers | undefined;
  #stream: ByteStream | undefined;
  /** Whether the content is being, or was, read without a stream. */
  #isRead = false;

  // What servers do not need is the runtime's to say.
  declare readonly redirected: boolean;
  declare readonly statusText: string;
  declare readonly type: Response["type"];
  declare readonly url: string;

  /** @throws UsageError OPTION_INVALID for a status that no answer can have, or content that is none. */
  constructor(content?: LeanContent, init: LeanResponseInit = NO_INIT) {
    joinResponse(OwnResponse);
    this.#status = init.status === undefined ? 200 : checkedStatus(init.status);
    this.#trailers = init.trailers;
    const fields = allFields(init);
    this.#fields = typeof content === "string" ? withType(fields, TEXT) : fields;
    if (typeof content === "string" || content instanceof Uint8Array) this.#content = content;
    else if (content instanceof ReadableStream) this.#stream = content;
    else if (content !== undefined && content !== null) this.#content = asSource(content);
  }

  /** Says a value as JSON. */
  static json(value: unknown, init: LeanResponseInit = NO_INIT): OwnResponse {
    // Its types leave out that a function, a symbol and `undefined` make none.
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError("the value has no form in JSON");
    if (init === NO_INIT) return new OwnResponse(text, JSON_INIT);
    const { status = 200, trailers } = init;
    return new OwnResponse(text, { status, trailers, fields: withType(allFields(init), JSON_TYPE) });
  }

  /** {@link upgradeResponse} */
  static upgrade(fields: FlatFields, onUpgrade: OnUpgrade): OwnResponse {
    const response = new OwnResponse(null, { fields });
    response.#status = SWITCHING;
    response.#onUpgrade = onUpgrade;
    return response;
  }

  /** Who is given the connection, where there is an upgrade. */
  static onUpgrade(response: object): OnUpgrade | undefined {
    return #onUpgrade in response ? response.#onUpgrade : undefined;
  }

  /** Its parts, where it is one of ours. */
  static parts(response: object): ResponseParts | undefined {
    if (!(#status in response)) return undefined;
    if (response.#isUnusable) throw new UsageError("RESPONSE_UNUSABLE", { detail: "its body was read, or is locked" });
    const headers = response.#headers;
    const stream = response.#stream;
    return {
      status: response.#status,
      fields: headers === undefined ? response.#fields : responseFields(headers),
      content: stream === undefined ? response.#content : streamSource(stream),
      trailers: response.#trailers,
    };
  }

  get status(): number {
    return this.#status;
  }

  get ok(): boolean {
    return this.#status >= 200 && this.#status <= 299;
  }

  get headers(): Headers {
    return (this.#headers ??= fieldHeaders(this.#fields));
  }

  get body(): ByteStream | null {
    if (this.#stream === undefined) {
      if (this.#content === undefined) return null;
      this.#stream = this.#isRead ? readStream() : bodyStream(sourceOf(this.#content));
    }
    return this.#stream;
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
    // Deprecated for forms without a limit; this one was made here.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return (await this.#gathered()).formData();
  }

  clone(): OwnResponse {
    if (this.#isUnusable) throw new TypeError("a response whose body was read, or is locked, cannot be cloned");
    const fields = this.#headers === undefined ? this.#fields : responseFields(this.#headers);
    const init = { status: this.#status, fields, trailers: this.#trailers };
    if (this.#stream === undefined && (typeof this.#content !== "object" || this.#content instanceof Uint8Array)) {
      return new OwnResponse(this.#content, init);
    }
    const [own, others] = this.body?.tee() ?? [];
    this.#stream = own;
    return new OwnResponse(others, init);
  }

  get #isUnusable(): boolean {
    return this.bodyUsed || this.#stream?.locked === true;
  }

  async #gather(): Promise<Buffer> {
    if (this.#isUnusable) throw new TypeError("the body is unusable: it was read already, or is locked");
    if (this.#stream !== undefined) return gather(streamSource(this.#stream));
    if (this.#content === undefined) return Buffer.alloc(0);
    this.#isRead = true;
    return gather(sourceOf(this.#content));
  }

  /** For what depends on the rules of media types, which the runtime has. */
  async #gathered(): Promise<Response> {
    const type = this.headers.get("content-type");
    return new Response(await this.#gather(), type === null ? {} : { headers: { "content-type": type } });
  }
}

/**
 * Agrees to what the request asks to change to: the connection of HTTP/1.1, or the stream of HTTP/2, is the application's.
 * The response cannot be made again by `new Response`; fields are added by `headers`.
 *
 * @param fields of the answer; `upgrade` and `connection` are said for it.
 */
export function upgradeResponse(fields: FlatFields, onUpgrade: OnUpgrade): Response {
  const response: unknown = OwnResponse.upgrade(fields, onUpgrade);
  // Joined, it is one.
  return response as Response;
}

/**
 * An answer as the Fetch Standard has it, of which nothing is built that nobody looks at: the server sends its fields and
 * its content as they were given. It is an `instanceof` the runtime's `Response`.
 *
 * One whose content is text or bytes may be kept and given again and again.
 *
 * @example
 * ```ts
 * serve({ fetch: () => new LeanResponse("hello", { fields: ["content-type", "text/plain"] }) });
 * ```
 */
export const LeanResponse = OwnResponse as LeanResponseClass;

/** What {@link LeanResponse} is to those who make one. */
export interface LeanResponseClass {
  /** @throws UsageError OPTION_INVALID for a status that no answer can have, or content that is none. */
  new (content?: LeanContent, init?: LeanResponseInit): Response;
  readonly prototype: Response;
  /** Says a value as JSON. */
  json(value: unknown, init?: LeanResponseInit): Response;
}

const NO_INIT: LeanResponseInit = Object.freeze({});
const JSON_INIT: LeanResponseInit = Object.freeze({ fields: JSON_TYPE });
const SWITCHING = 101;

function checkedStatus(status: number): number {
  if (Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw new UsageError("OPTION_INVALID", { detail: `status ${String(status)} is none that an answer can have` });
}

function allFields({ fields = NO_FIELDS, headers }: LeanResponseInit): FlatFields {
  return headers === undefined ? fields : [...fields, ...responseFields(new Headers(headers))];
}

function withType(fields: FlatFields, type: FlatFields): FlatFields {
  if (fields.length === 0) return type;
  for (let at = 0; at < fields.length; at += 2) if (fields[at] === "content-type") return fields;
  return [...fields, ...type];
}

function asSource(content: object): BodySource {
  if (isBodySource(content)) return content;
  // What has the method gives what it gives; each piece is looked at.
  if (Symbol.asyncIterator in content) return iterableSource(content as AsyncIterable<Uint8Array>);
  throw new UsageError("OPTION_INVALID", { detail: "content is neither text, bytes nor a stream of bytes" });
}

function sourceOf(content: string | Uint8Array | BodySource): BodySource {
  if (typeof content === "string") return bytesSource(Buffer.from(content));
  return content instanceof Uint8Array ? bytesSource(content) : content;
}
