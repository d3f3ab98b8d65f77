import type { Readable } from "node:stream";
import type { ResponseFields } from "./dispatch.ts";
import { joinChunks, ResponseReceiver, type BodySink } from "./response-receiver.ts";
import { recordTransaction, type Transaction } from "./transaction.ts";

const decoder = new TextDecoder();

/** The response to `manager.request`. Its body is read once, by one of the methods. */
export class Reply implements AsyncDisposable {
  readonly status: number;
  /** By lower-case name; repeated fields are a list. */
  readonly headers: ResponseFields;
  readonly #receiver: ReplyReceiver;

  /** @internal */
  constructor(status: number, headers: ResponseFields, receiver: ReplyReceiver) {
    this.status = status;
    this.headers = headers;
    this.#receiver = receiver;
    recordTransaction(this, receiver.exchange.transaction);
  }

  /** Status 200 to 299. */
  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  /** The URL that answered, with the fragment that redirects gave or handed on. */
  get url(): string {
    const hop = this.transaction.hops.at(-1);
    return hop === undefined ? "" : hop.url + hop.fragment;
  }

  get transaction(): Transaction {
    return this.#receiver.exchange.transaction;
  }

  /** Bytes that the body may have, read whole. */
  get bodyLimitBytes(): number {
    return this.#receiver.bodyLimitBytes;
  }

  /** Fields after the body; empty until the body has ended. */
  get trailers(): ResponseFields {
    return this.#receiver.trailers;
  }

  /**
   * The whole body, its content coding undone.
   *
   * @throws PolicyError BODY_LIMIT when it is larger than the manager's `bodyLimitBytes`, CONTENT_EXPANSION_LIMIT; ProtocolError when it is cut
   * or does not match its coding.
   */
  async bytes(): Promise<Uint8Array> {
    const encoded = this.headers["content-encoding"] !== undefined;
    const chunks = await (encoded ? this.#receiver.gatherFrom(this.stream()) : this.#receiver.gather());
    return joinChunks(chunks);
  }

  /** The whole body as UTF-8 text, a byte order mark removed. Errors as for `bytes`. */
  async text(): Promise<string> {
    return decoder.decode(await this.bytes());
  }

  /** The whole body as JSON. Errors as for `bytes`, and SyntaxError. */
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  /**
   * The body as it comes, its content coding undone; a slow reader holds the sender back.
   *
   * @param options.decode `false` gives the bytes of the wire.
   */
  stream({ decode = true }: { readonly decode?: boolean } = {}): Readable {
    const coding = this.headers["content-encoding"];
    return decode && coding !== undefined ? this.#receiver.openDecoded(coding, "strict") : this.#receiver.openStream();
  }

  /** Hands the bytes of the wire to whoever takes them without a stream, and asks for more by what is returned. @internal */
  handOver(sink: BodySink): { readonly resume: () => void } {
    this.#receiver.handOver(sink);
    return this.#receiver;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this.stream()[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  /** Gives up what is left of the body, and closes its connection when that had not all come. Harmless when it was read. */
  discard(): void {
    this.#receiver.discard();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.discard();
    return Promise.resolve();
  }
}

/** Takes in the response to `manager.request`. */
export class ReplyReceiver extends ResponseReceiver<Reply> {
  protected override respond(status: number, headers: ResponseFields): Reply {
    return new Reply(status, headers, this);
  }
}
