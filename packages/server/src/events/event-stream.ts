import { isCodedError, UsageError } from "@fairlead/core";
import { formatComment, formatEvent, type OutgoingEvent } from "@fairlead/http/event-stream";
import type { FlatFields } from "../exchange/index.ts";
import { LeanResponse } from "../fetch/index.ts";
import type { RequestContext } from "../fetch-handler.ts";
import { EventQueue } from "./event-queue.ts";

/** On which terms events are sent. */
export interface EventStreamOptions {
  /** Milliseconds before a client that lost the stream comes back; its own choice by default. */
  readonly retry?: number | undefined;
  /**
   * What becomes of an event for a client that does not take those before: `wait` (the default) has `send` wait for room,
   * `drop` leaves it out.
   */
  readonly whenFull?: "wait" | "drop" | undefined;
  /** Octets that may wait before there is no more room. 64 KiB by default. */
  readonly highWaterBytes?: number | undefined;
  /** Octets that may wait of who sends without waiting before the stream is cut. 1 MiB by default. */
  readonly limitBytes?: number | undefined;
  /** A comment after so much silence shows those between that it lives. 15,000 milliseconds by default, 0 for none. */
  readonly keepAliveMilliseconds?: number | undefined;
  /** More fields of the response, names in lower case and values in turn. */
  readonly fields?: FlatFields | undefined;
}

/** A stream of events to one client. */
export interface EventStream {
  /** The id of the last event that the client had before it lost the stream; empty on its first visit. */
  readonly lastEventId: string;
  /** Fires when it is over: the client has left, the server closes, it was ended. */
  readonly signal: AbortSignal;
  /**
   * Sends an event.
   *
   * @returns resolves when there is room for the next: true when it was taken, false when it was dropped or the stream is
   * over. Who sends on without waiting is cut off at `limitBytes`: the client comes back, and says what it had last.
   * @throws UsageError OPTION_INVALID for a line break in `event` or `id`, which would be another event.
   */
  send(event: OutgoingEvent): Promise<boolean>;
  /** Sends what no listener hears of. */
  comment(text: string): Promise<boolean>;
  /** Ends it behind what was sent. The client comes back; a 204 then has it stay away. */
  end(): void;
}

/**
 * What is done with a stream. Where it returns a promise the stream ends when that resolves; otherwise by `end`. What it
 * throws, or rejects with, cuts the stream and is told to the server's `onError`.
 */
export type OnEventStream = (stream: EventStream) => void | Promise<void>;

/**
 * Answers with a stream of events, which goes on until it is ended, the client leaves or the server closes.
 *
 * @throws UsageError OPTION_INVALID
 * @see WHATWG HTML section 9.2
 *
 * @example
 * const ticks: FetchHandler = (request, context) =>
 *   eventStream(request, context, async (stream) => {
 *     for await (const tick of setInterval(1_000, "tick")) if (!(await stream.send({ data: tick }))) return;
 *   });
 */
export function eventStream(
  request: Request,
  context: Pick<RequestContext, "closing" | "waitUntil">,
  onStream: OnEventStream,
  options: EventStreamOptions = {},
): Response {
  const init = { fields: [...FIELDS, ...(options.fields ?? [])] };
  checkOptions(options);
  if (request.method === "HEAD") return new LeanResponse(null, init);
  const stream = new Stream(request, options);
  context.waitUntil(attend(stream, request, context, onStream));
  return new LeanResponse(stream.queue, init);
}

/** nginx gathers what it passes on, unless it is told otherwise by a field of its own. */
const FIELDS: FlatFields = [
  ...["content-type", "text/event-stream"],
  ...["cache-control", "no-cache"],
  ...["x-accel-buffering", "no"],
];

/** Stays until the stream is over. */
async function attend(
  stream: Stream,
  { signal }: Request,
  { closing }: Pick<RequestContext, "closing">,
  onStream: OnEventStream,
): Promise<void> {
  const end = (): void => {
    stream.end();
  };
  const leave = (): void => {
    stream.queue.cancel(signal.reason);
  };
  signal.addEventListener("abort", leave);
  closing?.addEventListener("abort", end);
  if (signal.aborted) leave();
  if (closing?.aborted === true) end();
  try {
    const done = onStream(stream);
    if (done !== undefined) {
      await done;
      stream.end();
    }
    await stream.queue.over;
  } catch (error) {
    // Who reads the stream tells it; where nobody does, as the client has left, only what is not about that is told.
    if (!stream.queue.fail(error) && !isCodedError(error)) throw error;
  } finally {
    signal.removeEventListener("abort", leave);
    closing?.removeEventListener("abort", end);
  }
}

class Stream implements EventStream {
  readonly queue: EventQueue;
  readonly lastEventId: string;
  readonly #options: EventStreamOptions;
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(request: Request, options: EventStreamOptions) {
    this.#options = options;
    const { highWaterBytes = 65_536, limitBytes = 1_048_576, retry, keepAliveMilliseconds = 15_000 } = options;
    this.queue = new EventQueue({ highWaterBytes, limitBytes });
    this.lastEventId = decodeField(request.headers.get("last-event-id") ?? "");
    if (retry !== undefined) this.queue.push(formatEvent({ retry }) ?? "");
    if (keepAliveMilliseconds > 0) {
      this.#timer = setInterval(() => {
        // What waits shows as well that the connection lives.
        if (!this.queue.isFull) this.queue.push(formatComment(""));
      }, keepAliveMilliseconds).unref();
    }
    void this.queue.over.then((reason) => {
      clearInterval(this.#timer);
      this.#over.abort(reason);
    });
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  send(event: OutgoingEvent): Promise<boolean> {
    const text = formatEvent(event);
    if (text === undefined) {
      const remedy = "give event and id without line breaks, and retry in whole milliseconds";
      return Promise.reject(new UsageError("OPTION_INVALID", { detail: "event", remedy }));
    }
    return this.#put(text);
  }

  comment(text: string): Promise<boolean> {
    return this.#put(formatComment(text));
  }

  end(): void {
    this.queue.end();
  }

  async #put(text: string): Promise<boolean> {
    if (this.#options.whenFull === "drop" && this.queue.isFull) return false;
    this.#timer?.refresh();
    if (!this.queue.push(text)) return false;
    if (this.#options.whenFull !== "drop") await this.queue.room();
    return true;
  }
}

function checkOptions({ retry, highWaterBytes, limitBytes, keepAliveMilliseconds }: EventStreamOptions): void {
  for (const [detail, value] of Object.entries({ retry, highWaterBytes, limitBytes, keepAliveMilliseconds })) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0 && value <= LONGEST)) continue;
    throw new UsageError("OPTION_INVALID", { detail, remedy: "give a whole number that is not negative" });
  }
}

/** The longest time that a timer of Node keeps. */
const LONGEST = 2_147_483_647;

/** Browsers send the id as UTF-8, and fields are read one character an octet. */
function decodeField(value: string): string {
  return Buffer.from(value, "latin1").toString("utf8");
}
