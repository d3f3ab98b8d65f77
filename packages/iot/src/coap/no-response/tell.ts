import { type Clock, systemClock } from "@fairlead/tls/datagram";
import type { CoapCall, CoapRequest, CoapRequester, CoapResponse } from "../exchange.ts";
import { writeOption } from "../protocol/index.ts";

/** A class of answers. RFC 7967 section 2.1. */
export type CoapAnswerClass = "success" | "client-error" | "server-error";

/** What is not to be answered. */
export interface TellOptions extends Pick<CoapCall, "signal" | "delivery"> {
  /** All classes by default. */
  readonly unwanted?: readonly CoapAnswerClass[] | undefined;
  /** How long an answer is waited for that comes all the same, 2 seconds by default. What is not sent by then is not sent at all. */
  readonly waitMilliseconds?: number | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Sends a request whose answers are not wanted, non-confirmable unless it says otherwise. Nobody knows then whether it has
 * arrived: it is for what is sent often, and soon again.
 *
 * @returns the answer that came all the same, `undefined` when none did.
 *
 * @throws what `requester` throws; or the signal's reason.
 *
 * @see RFC 7967
 */
export async function tell(
  requester: CoapRequester,
  request: CoapRequest,
  {
    signal,
    delivery = "non-confirmable",
    unwanted = all,
    waitMilliseconds = 2_000,
    clock = systemClock,
  }: TellOptions = {},
): Promise<CoapResponse | undefined> {
  const value = unwanted.reduce((sum, each) => sum | bits[each], 0);
  const option = writeOption("noResponse", value);
  const options = [...request.options, option].sort((one, other) => one.number - other.number);
  const enough = new AbortController();
  const cancel = clock.schedule(waitMilliseconds, () => {
    enough.abort(noAnswer);
  });
  try {
    const either = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]);
    return await requester({ ...request, options }, { signal: either, delivery });
  } catch (error) {
    if (error === noAnswer) return undefined;
    throw error;
  } finally {
    cancel();
  }
}

const all: readonly CoapAnswerClass[] = ["success", "client-error", "server-error"];
const bits = { success: 2, "client-error": 8, "server-error": 16 } as const;
const noAnswer = Symbol("no answer");
