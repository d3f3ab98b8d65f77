import { isCodedError } from "@fairlead/core";
import type { CoapChannel, IncomingCoapRequest } from "../channel.ts";
import type { CoapAnswer, CoapHandler, CoapRequest, CoapResponse } from "../exchange.ts";
import { coapOptions, readOption, writeOption } from "../protocol/index.ts";
import { notificationNumbers } from "../protocol/observe/notification-numbers.ts";
import { RequestContext } from "./request-context.ts";

/** How a channel is served. */
export interface ServeChannelOptions {
  /** Milliseconds of a clock that never goes back, not even over a restart: its notifications are numbered by it. */
  readonly now?: (() => number) | undefined;
}

/** Has a handler answer what is asked by a channel, and sends the notifications of its answers. */
export function serveChannel(
  channel: CoapChannel,
  handler: CoapHandler,
  { now = time }: ServeChannelOptions = {},
): void {
  const nextNumber = notificationNumbers(now);
  channel.on("request", (incoming) => {
    const answer = ask(handler, channel, incoming);
    // Who answers at once is not waited for.
    if (answer instanceof Promise) void answer.then((first) => send(incoming, first, nextNumber));
    else void send(incoming, answer, nextNumber);
  });
}

/** What a handler says to a request; its failure is told without a reason. */
function ask(
  handler: CoapHandler,
  channel: CoapChannel,
  incoming: IncomingCoapRequest,
): CoapAnswer | undefined | Promise<CoapAnswer | undefined> {
  try {
    const answer = handler(incoming.request, new RequestContext(channel, incoming));
    return answer !== undefined && "then" in answer ? Promise.resolve(answer).catch(() => failure) : answer;
  } catch {
    return failure;
  }
}

async function send(
  incoming: IncomingCoapRequest,
  first: CoapAnswer | undefined,
  nextNumber: () => number,
): Promise<void> {
  try {
    if (first?.updates !== undefined && observes(incoming.request, first)) {
      await respondAndNotify(incoming, first, first.updates, nextNumber);
    } else if ((await respondFirst(incoming, first)) && first?.rest !== undefined) {
      await respondRest(incoming, first.rest);
    }
  } catch {
    // The peer is gone, or wants no more.
  }
}

/** Leaves the updates in any case, even where the response cannot be sent. */
async function respondAndNotify(
  incoming: IncomingCoapRequest,
  first: CoapResponse,
  updates: AsyncIterable<CoapResponse>,
  nextNumber: () => number,
): Promise<void> {
  const { signal } = incoming;
  const source = updates[Symbol.asyncIterator]();
  const end = (): void => {
    source.return?.().catch(() => undefined);
  };
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  try {
    if (!(await respondFirst(incoming, numberedBy(first, nextNumber())))) return;
    for (;;) {
      const result = await source.next();
      if (result.done === true || signal.aborted) return;
      const update = result.value;
      // Confirmable: the acknowledgement is what the next one waits for. RFC 7641 section 4.5.1.
      const isSuccess = update.code.startsWith("2.");
      await incoming.respond(isSuccess ? numberedBy(update, nextNumber()) : update, "confirmable");
      // A failure ends it. RFC 7641 section 4.2.
      if (!isSuccess) return;
    }
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

/** Tells whether there is anything to go on with. What cannot be sent is told as a failure of the server's. */
async function respondFirst(incoming: IncomingCoapRequest, response: CoapAnswer | undefined): Promise<boolean> {
  const { delivery = incoming.delivery } = response ?? {};
  try {
    await incoming.respond(response, delivery);
    return true;
  } catch (error) {
    const isPeerGone = isCodedError(error) && error.code !== "DATAGRAM_TOO_LARGE";
    if (!isPeerGone) await incoming.respond(failure, delivery);
    return false;
  }
}

async function respondRest(incoming: IncomingCoapRequest, rest: AsyncIterable<CoapResponse>): Promise<void> {
  for await (const more of rest) {
    if (incoming.signal.aborted) return;
    await incoming.respond(more, "non-confirmable");
  }
}

/** Whoever asks for it, and whose request did not fail. RFC 7641 section 4.1. */
function observes(request: CoapRequest, first: CoapAnswer): boolean {
  return readOption(request, "observe") === 0 && first.code.startsWith("2.");
}

/** RFC 7641 section 3.4. */
function numberedBy(response: CoapResponse, sequence: number): CoapResponse {
  const options = response.options.filter(({ number }) => number !== coapOptions.observe.number);
  options.push(writeOption("observe", sequence));
  options.sort((one, other) => one.number - other.number);
  return { code: response.code, options, payload: response.payload };
}

/** Goes by the wall clock of when the process began, and never back. */
const time = (): number => performance.timeOrigin + performance.now();
const failure: CoapResponse = { code: "5.00", options: [], payload: new Uint8Array(0) };
