import { isCodedError, ProtocolError, retryHelps } from "@fairlead/core";
import { EventStreamParser, isEventStream, type StreamEvent } from "@fairlead/http/event-stream";
import { askedDelay, reconnectAfter, type ReconnectPolicy } from "@fairlead/http/reconnection";
import { LONGEST_MILLISECONDS } from "../deadline.ts";
import { reconnectPolicy } from "../reconnect-option.ts";
import type { Reply } from "../reply.ts";
import { canReplay } from "../request-body.ts";
import { flattenFields, hasField, pairFields } from "../request-fields.ts";
import { parseRequestUrl } from "../request-url.ts";
import { startRequest } from "../request.ts";
import type { Tenant } from "../tenants.ts";
import { recordTransaction } from "../transaction.ts";
import { waitFor } from "../until-aborted.ts";
import { FailureEvent } from "../web-events/failure-event.ts";
import { Inbox } from "../web-events/inbox.ts";
import { ReceivedMessageEvent } from "../web-events/message-event.ts";
import { ReconnectingEvent } from "../web-events/reconnecting-event.ts";
import type { StreamGround } from "../web-events/stream-ground.ts";
import { EventSourceTarget } from "./event-source-target.ts";
import { lastEventIdField } from "./last-event-id.ts";
import type { EventSourceOptions } from "./options.ts";

const READ_AHEAD_CHARACTERS = 64 * 1024;
/** What an event costs beside its data. */
const EVENT_OVERHEAD = 64;
/** What browsers wait where a stream does not say. */
const DELAY_MILLISECONDS = 3_000;
const NO_CONTENT = 204;

/** What ends a source for good, and whether in good order. */
class StreamEnd extends Error {
  readonly failure: Error;
  readonly isOrderly: boolean;

  constructor(failure: Error, isOrderly: boolean) {
    super("no stream");
    this.failure = failure;
    this.isOrderly = isOrderly;
  }
}

/**
 * Server-sent events by a manager: the interface of the standard, and beside it what a program needs that is no page. Events
 * that come before anybody listens, or faster than they are read, hold the server back.
 *
 * @see WHATWG HTML section 9.2
 */
export class ManagedEventSource extends EventSourceTarget implements AsyncDisposable {
  readonly url: string;
  /** Cookies and credentials are the manager's, whatever this says. */
  readonly withCredentials = false;
  readonly #ground: StreamGround;
  readonly #options: EventSourceOptions;
  readonly #policy: ReconnectPolicy | undefined;
  readonly #inbox: Inbox<StreamEvent>;
  readonly #tenant: Tenant;
  readonly #ending = new AbortController();
  readonly #onAbort: (() => void) | undefined;
  #readyState: 0 | 1 | 2 = 0;
  #lastEventId: string;
  /** What the server says that is to be waited. */
  #retry: number | undefined;
  #failures = 0;
  #origin: string;
  /** Resolves when there is room to read ahead. */
  #room: PromiseWithResolvers<void> | undefined;

  /**
   * Use `manager.eventSource`.
   *
   * @throws UsageError @internal
   */
  constructor(ground: StreamGround, url: string | URL, options: EventSourceOptions = {}) {
    super();
    const target = parseRequestUrl(url);
    this.url = target.href;
    this.#origin = target.origin;
    this.#ground = ground;
    this.#options = options;
    const { reconnect = true, lastEventId = "", readAheadCharacters = READ_AHEAD_CHARACTERS, signal } = options;
    this.#policy = reconnectPolicy(
      reconnect === false ? false : { delayMilliseconds: DELAY_MILLISECONDS, ...(reconnect === true ? {} : reconnect) },
    );
    this.#lastEventId = lastEventId;
    this.#inbox = new Inbox(readAheadCharacters, ({ data }) => data.length + EVENT_OVERHEAD, {
      dispatch: ({ type, data, lastEventId }) => {
        this.dispatchEvent(new ReceivedMessageEvent(type, data, this.#origin, lastEventId));
      },
      onRoom: (hasRoom) => {
        this.#room?.resolve();
        this.#room = hasRoom ? undefined : Promise.withResolvers();
      },
    });
    this.#tenant = {
      close: () => {
        this.close();
        return Promise.resolve();
      },
      destroy: (reason) => {
        this.#finish(reason, false);
      },
    };
    if (signal !== undefined) {
      this.#onAbort = (): void => {
        this.#finish(signal.reason, false);
      };
      signal.addEventListener("abort", this.#onAbort);
    }
    ground.tenants.add(this.#tenant);
    // Whoever made it listens first.
    queueMicrotask(() => {
      if (signal?.aborted === true) this.#finish(signal.reason, false);
      void this.#run();
    });
  }

  get readyState(): 0 | 1 | 2 {
    return this.#readyState;
  }

  /** What the stream called its last event: `lastEventId` of a source that goes on behind it. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** Ends it; nothing more is told. */
  close(): void {
    this.#end(undefined);
  }

  /**
   * The events as they come, over all streams that are asked for again. Whoever reads slowly holds the server back. To leave
   * the loop closes nothing: another one goes on.
   *
   * @throws what the source ended with, unless it was closed, or its server answered with 204.
   */
  [Symbol.asyncIterator](): AsyncGenerator<StreamEvent, void, undefined> {
    return this.#inbox.iterate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  protected override listened(): void {
    this.#inbox.listened();
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    for (;;) {
      if (this.#isOver()) return;
      const failure = await this.#stream();
      if (this.#isOver()) return;
      const wait = mayPass(failure) ? this.#nextWait() : undefined;
      if (wait === undefined) {
        this.#finish(failure instanceof StreamEnd ? failure.failure : failure, isOrderly(failure));
        return;
      }
      this.#failures += 1;
      this.#readyState = 0;
      this.dispatchEvent(new ReconnectingEvent(this.#failures, wait, failure));
      this.dispatchEvent(new FailureEvent(failure));
      await this.#pause(wait);
    }
  }

  /** Asks for a stream, and reads it. Resolves to what it ended with; `undefined` for its end. */
  async #stream(): Promise<unknown> {
    try {
      const reply = await startRequest(this.url, this.#request(), this.#ground.requests);
      this.#begin(reply);
      await this.#read(reply);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #begin(reply: Reply): void {
    recordTransaction(this, reply.transaction);
    const { status, headers, url } = reply;
    const problem =
      status !== 200
        ? `status ${String(status)}`
        : isEventStream(lone(headers["content-type"]))
          ? undefined
          : "its content type";
    if (problem !== undefined) {
      reply.discard();
      const facts = { peer: new URL(url).host, operation: "open", detail: problem };
      throw new StreamEnd(new ProtocolError("EVENT_STREAM_MISSING", facts), status === NO_CONTENT);
    }
    if (this.#isOver()) return;
    this.#origin = new URL(url).origin;
    this.#readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  async #read(reply: Reply): Promise<void> {
    const { eventLimitBytes } = this.#options;
    const sink = {
      onEvent: (event: StreamEvent): void => {
        this.#failures = 0;
        this.#lastEventId = event.lastEventId;
        // An event may close its source, and those that came with it are nobody's then.
        if (!this.#isOver()) this.#inbox.push(event);
      },
      onRetry: (milliseconds: number): void => {
        this.#retry = milliseconds;
      },
    };
    const parser = new EventStreamParser(sink, {
      lastEventId: this.#lastEventId,
      peer: new URL(reply.url).host,
      ...(eventLimitBytes !== undefined && { eventLimitBytes }),
    });
    for await (const bytes of reply) {
      parser.read(bytes);
      this.#lastEventId = parser.lastEventId;
      if (this.#isOver()) return;
      await this.#room?.promise;
    }
  }

  #request(): Parameters<typeof startRequest>[1] {
    const { timeouts, headers } = this.#options;
    const fields = flattenFields(headers);
    if (!hasField(fields, "accept")) fields.push("accept", "text/event-stream");
    const id = lastEventIdField(this.#lastEventId);
    if (id !== undefined) fields.push("last-event-id", id);
    return {
      ...this.#options,
      headers: pairFields(fields),
      cache: "no-store",
      signal: this.#ending.signal,
      timeouts: { body: LONGEST_MILLISECONDS, total: Number.POSITIVE_INFINITY, ...timeouts },
    };
  }

  #nextWait(): number | undefined {
    const { body } = this.#options;
    if (this.#policy === undefined || (body !== undefined && !canReplay(body))) return undefined;
    const asked = this.#retry === undefined ? {} : { delayMilliseconds: askedDelay(this.#retry, this.#policy) };
    return reconnectAfter({ ...this.#policy, ...asked }, this.#failures, Math.random());
  }

  /** Waits, unless the source ends meanwhile. */
  async #pause(milliseconds: number): Promise<void> {
    if (!this.#isOver()) await waitFor(milliseconds, [this.#ending.signal]).catch(() => undefined);
  }

  #isOver(): boolean {
    return this.#readyState === 2;
  }

  #finish(error: unknown, isOrderly: boolean): void {
    if (this.#isOver()) return;
    this.#end(isOrderly ? undefined : error);
    this.dispatchEvent(new FailureEvent(error));
  }

  #end(error: unknown): void {
    if (this.#isOver()) return;
    this.#readyState = 2;
    this.#ground.tenants.delete(this.#tenant);
    if (this.#onAbort !== undefined) this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#ending.abort(error ?? new DOMException("the event source was closed", "AbortError"));
    this.#room?.resolve();
    this.#inbox.end(error);
  }
}

/** Whether another attempt may have a better end; the end of a stream is none that is bad. */
function mayPass(failure: unknown): boolean {
  return failure === undefined || (isCodedError(failure) && retryHelps(failure));
}

function isOrderly(failure: unknown): boolean {
  return failure === undefined || (failure instanceof StreamEnd && failure.isOrderly);
}

function lone(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}
