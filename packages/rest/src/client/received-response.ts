import type { Reply, Transaction } from "@fairlead/access";
import { ContentError, PolicyError } from "@fairlead/core";
import type { StreamEvent } from "@fairlead/http/event-stream";
import type { XmlElement } from "@rgrove/parse-xml";
import {
  decodeText,
  readForm,
  readJsonContent,
  readLenientJson,
  readXml,
  unexpectedType,
  type ContentFacts,
  type LenientJson,
} from "../content/index.ts";
import { check } from "../contract/check.ts";
import type { OutputOf, Schema } from "../contract/schema.ts";
import { discardWhenLost, keepAsRead } from "./abandoned.ts";
import type { ItemsOptions } from "./content-reader.ts";
import type { OutgoingCall } from "./outgoing-call.ts";
import { isPage } from "./protocol/readings.ts";
import { tellDownload } from "./progress.ts";
import { readEvents } from "./read-events.ts";
import { readItems } from "./read-items.ts";
import { fieldOf, headersOf } from "./reply-fields.ts";
import { streamOf } from "./stream-of.ts";
import type { RestResponse } from "./rest-response.ts";

/** A response, of which nothing is made before somebody looks. */
export class ReceivedResponse implements RestResponse {
  readonly reply: Reply;
  readonly #call: OutgoingCall;
  #headers: Headers | undefined;
  #isWatched = false;

  constructor(reply: Reply, call: OutgoingCall) {
    this.reply = reply;
    this.#call = call;
  }

  get status(): number {
    return this.reply.status;
  }

  get headers(): Headers {
    return (this.#headers ??= headersOf(this.reply.headers));
  }

  get url(): string {
    return this.reply.url;
  }

  get transaction(): Transaction {
    return this.reply.transaction;
  }

  json(): Promise<unknown>;
  json<S extends Schema>(schema: S): Promise<OutputOf<S>>;
  async json(schema?: Schema): Promise<unknown> {
    const bytes = await this.#whole();
    const value = this.#isEmpty ? undefined : readJsonContent(bytes, this.#contentType, {}, this.#facts);
    return schema === undefined ? value : this.#checked(schema, value, bytes);
  }

  async lenientJson(): Promise<LenientJson> {
    const bytes = await this.#whole();
    this.#requireNoPage(bytes);
    return readLenientJson(bytes, this.#contentType, this.#facts);
  }

  async text(): Promise<string> {
    return decodeText(await this.#whole(), this.#contentType, this.#facts);
  }

  bytes(): Promise<Uint8Array> {
    return this.#whole();
  }

  async xml(): Promise<XmlElement> {
    const bytes = await this.#whole();
    this.#requireNoPage(bytes);
    return readXml(bytes, this.#contentType, this.#facts);
  }

  async form(): Promise<URLSearchParams> {
    return readForm(await this.#whole(), this.#contentType, this.#facts);
  }

  stream(): Promise<ReadableStream<Uint8Array>> {
    return Promise.resolve(streamOf(this.reply, this.#chunks()));
  }

  events(): AsyncIterable<StreamEvent> {
    return readEvents(this.reply, () => this.#chunks(), this.#facts);
  }

  items(options?: ItemsOptions): AsyncIterable<unknown>;
  items<S extends Schema>(options: ItemsOptions & { readonly schema: S }): AsyncIterable<OutputOf<S>>;
  items({ schema, ...options }: ItemsOptions & { readonly schema?: Schema } = {}): AsyncIterable<unknown> {
    const items = readItems(this.reply, () => this.#chunks(), options, this.#facts);
    return schema === undefined ? items : this.#checkedItems(schema, items);
  }

  discard(): void {
    this.reply.discard();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.reply[Symbol.asyncDispose]();
  }

  /** Gives up the content when nobody holds the response any more and nobody has begun to read it. */
  discardWhenLost(): this {
    if (!this.#isWatched) discardWhenLost(this, this.reply);
    this.#isWatched = true;
    return this;
  }

  get #facts(): ContentFacts {
    return { peer: this.#call.address.host, operation: this.#call.method };
  }

  get #contentType(): string | undefined {
    return fieldOf(this.reply.headers, "content-type");
  }

  /** RFC 9110 sections 15.3.5 and 15.3.6. */
  get #isEmpty(): boolean {
    return this.reply.status === 204 || this.reply.status === 205;
  }

  /** What is read as it comes. */
  #chunks(): AsyncIterable<Uint8Array> {
    this.#begin();
    const { onDownloadProgress } = this.#call.options;
    return onDownloadProgress === undefined ? this.reply : tellDownload(this.reply, onDownloadProgress);
  }

  #whole(): Promise<Uint8Array> {
    if (this.#call.options.onDownloadProgress !== undefined) return this.#gathered();
    this.#begin();
    return this.reply.bytes();
  }

  /** Whoever reads holds the reply, and need not hold this. */
  #begin(): void {
    if (this.#isWatched) keepAsRead(this);
  }

  async #gathered(): Promise<Uint8Array> {
    const { bodyLimitBytes } = this.reply;
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of this.#chunks()) {
      length += chunk.length;
      if (length > bodyLimitBytes) {
        throw new PolicyError("BODY_LIMIT", { ...this.#facts, detail: `limit ${String(bodyLimitBytes)} bytes` });
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** @throws ContentError CONTENT_TYPE_UNEXPECTED */
  #requireNoPage(bytes: Uint8Array): void {
    if (isPage(this.#contentType)) throw unexpectedType(bytes, this.#contentType, this.#facts);
  }

  async *#checkedItems(schema: Schema, items: AsyncIterable<unknown>): AsyncGenerator<unknown, void> {
    for await (const item of items) yield await this.#checked(schema, item, undefined);
  }

  /** @throws ContentError CONTRACT_BROKEN */
  async #checked(schema: Schema, value: unknown, bytes: Uint8Array | undefined): Promise<unknown> {
    const checked = await check(schema, value);
    if (checked.type === "sound") return checked.value;
    throw new ContentError("CONTRACT_BROKEN", { ...this.#facts, issues: checked.issues, bytes });
  }
}
