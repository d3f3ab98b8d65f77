import type { StreamEvent } from "@fairlead/http/event-stream";
import type { XmlElement } from "@rgrove/parse-xml";
import type { ContentFacts, LenientJson } from "../content/index.ts";
import type { OutputOf, Schema } from "../contract/schema.ts";
import type { Call } from "./call.ts";
import type { ItemsOptions } from "./content-reader.ts";
import type { OutgoingCall } from "./outgoing-call.ts";
import { ACCEPTED, isStreamed, type Reading } from "./protocol/readings.ts";
import { ReceivedResponse } from "./received-response.ts";
import type { RestResponse } from "./rest-response.ts";
import { statusError } from "./status-error.ts";

/** A call that is sent in a microtask. */
export class RestCall implements Call {
  readonly [Symbol.toStringTag] = "Call";
  readonly #outgoing: OutgoingCall;
  readonly #response: Promise<ReceivedResponse>;
  /** What is done with it first. */
  #reading: Reading | undefined;

  constructor(outgoing: OutgoingCall) {
    this.#outgoing = outgoing;
    this.#response = this.#send();
  }

  // biome-ignore lint/suspicious/noThenProperty: a call can be awaited.
  then<Fulfilled = RestResponse, Rejected = never>(
    onFulfilled?: ((response: RestResponse) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.#response.then((response) => response.discardWhenLost()).then(onFulfilled, onRejected);
  }

  catch<Rejected = never>(
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<RestResponse | Rejected> {
    return this.then(undefined, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<RestResponse> {
    return this.then().finally(onFinally);
  }

  json(): Promise<unknown>;
  json<S extends Schema>(schema: S): Promise<OutputOf<S>>;
  async json(schema?: Schema): Promise<unknown> {
    const response = await this.#read("json");
    return schema === undefined ? response.json() : response.json(schema);
  }

  async lenientJson(): Promise<LenientJson> {
    return (await this.#read("json")).lenientJson();
  }

  async text(): Promise<string> {
    return (await this.#read("text")).text();
  }

  async bytes(): Promise<Uint8Array> {
    return (await this.#read("bytes")).bytes();
  }

  async xml(): Promise<XmlElement> {
    return (await this.#read("xml")).xml();
  }

  async form(): Promise<URLSearchParams> {
    return (await this.#read("form")).form();
  }

  async stream(): Promise<ReadableStream<Uint8Array>> {
    return (await this.#read("stream")).stream();
  }

  events(): AsyncIterable<StreamEvent> {
    return iterate(this.#readInTurn("events"), (response) => response.events());
  }

  items(options?: ItemsOptions): AsyncIterable<unknown>;
  items<S extends Schema>(options: ItemsOptions & { readonly schema: S }): AsyncIterable<OutputOf<S>>;
  items(options?: ItemsOptions): AsyncIterable<unknown> {
    return iterate(this.#readInTurn("items"), (response) => response.items(options));
  }

  async #read(reading: Reading): Promise<ReceivedResponse> {
    this.#reading ??= reading;
    const response = await this.#response;
    if (response.status <= 299) return response;
    throw await statusError(response.reply, this.#facts);
  }

  /** What is read by iteration begins when somebody asks for the first item; where nobody does, it is given up. */
  async #readInTurn(reading: Reading): Promise<ReceivedResponse> {
    return (await this.#read(reading)).discardWhenLost();
  }

  async #send(): Promise<ReceivedResponse> {
    // Whoever reads it at once says so before this goes on.
    await Promise.resolve();
    const reading = this.#reading;
    const accept = reading === undefined ? undefined : ACCEPTED[reading];
    const reply = await this.#outgoing.send({ accept, isStreamed: isStreamed(reading) });
    if (reply.status >= 400) throw await statusError(reply, this.#facts);
    return new ReceivedResponse(reply, this.#outgoing);
  }

  get #facts(): ContentFacts {
    return { peer: this.#outgoing.address.host, operation: this.#outgoing.method };
  }
}

async function* iterate<Item>(
  response: Promise<ReceivedResponse>,
  items: (response: ReceivedResponse) => AsyncIterable<Item>,
): AsyncGenerator<Item, void> {
  yield* items(await response);
}
