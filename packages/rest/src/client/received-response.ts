import type { Reply, Transaction } from "@fairlead/access";
import { ContentError } from "@fairlead/core";
import type { StreamEvent } from "@fairlead/http/event-stream";
import type { XmlElement } from "@rgrove/parse-xml";
import type { Forgiven } from "../content/index.ts";
import { check } from "../contract/check.ts";
import type { OutputOf, Schema } from "../contract/schema.ts";
import type { ItemsOptions } from "./content-reader.ts";
import type { OutgoingCall } from "./outgoing-call.ts";
import { isExpected, type Reading } from "./protocol/readings.ts";
import { headersOf } from "./reply-headers.ts";
import type { RestResponse } from "./rest-response.ts";

/** A response, of which nothing is made before somebody looks. */
export class ReceivedResponse implements RestResponse {
  readonly reply: Reply;
  readonly #call: OutgoingCall;
  #headers: Headers | undefined;

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
    const bytes = await this.#whole("json");
    const value: unknown = this.#isEmpty ? undefined : JSON.parse(Buffer.from(bytes).toString());
    if (schema === undefined) return value;
    const checked = await check(schema, value);
    if (checked.type === "sound") return checked.value;
    throw new ContentError("CONTRACT_BROKEN", { ...this.#facts, issues: checked.issues, bytes });
  }

  lenientJson(): Promise<{ readonly value: unknown; readonly forgiven: readonly Forgiven[] }> {
    throw new Error("still to come");
  }

  async text(): Promise<string> {
    return Buffer.from(await this.#whole("text")).toString();
  }

  bytes(): Promise<Uint8Array> {
    return this.#whole("bytes");
  }

  xml(): Promise<XmlElement> {
    throw new Error("still to come");
  }

  form(): Promise<URLSearchParams> {
    throw new Error("still to come");
  }

  stream(): Promise<ReadableStream<Uint8Array>> {
    throw new Error("still to come");
  }

  events(): AsyncIterable<StreamEvent> {
    throw new Error("still to come");
  }

  items(options?: ItemsOptions): AsyncIterable<unknown>;
  items<S extends Schema>(options: ItemsOptions & { readonly schema: S }): AsyncIterable<OutputOf<S>>;
  items(): AsyncIterable<unknown> {
    throw new Error("still to come");
  }

  discard(): void {
    this.reply.discard();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.reply[Symbol.asyncDispose]();
  }

  get #facts(): { readonly peer: string; readonly operation: string } {
    return { peer: this.#call.address.host, operation: this.#call.method };
  }

  /** RFC 9110 sections 15.3.5 and 15.3.6. */
  get #isEmpty(): boolean {
    return this.reply.status === 204 || this.reply.status === 205;
  }

  async #whole(reading: Reading): Promise<Uint8Array> {
    const contentType = this.reply.headers["content-type"];
    const bytes = await this.reply.bytes();
    const said = typeof contentType === "object" ? contentType[0] : contentType;
    if (isExpected(reading, said) || this.#isEmpty) return bytes;
    throw new ContentError("CONTENT_TYPE_UNEXPECTED", { ...this.#facts, detail: said, bytes });
  }
}
