import { type Clock, systemClock } from "@fairlead/tls/datagram";
import { type DatagramAddress, type DatagramEndpoint, formatPeer } from "@fairlead/transport";
import type { CoapRequest, CoapResponse } from "../exchange.ts";
import { GroupExchange } from "../protocol/delivery/index.ts";
import { randomSource } from "./random-source.ts";

/** How a group is asked. */
export interface AskGroupOptions {
  /** How long answers are waited for; 7,000 by default: DEFAULT_LEISURE, and time for the way. RFC 7252 section 8.2. */
  readonly waitMilliseconds?: number | undefined;
  /** Answers that are taken; 1,000 by default. The last one ends the waiting. */
  readonly responseLimit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  /** Gives integers from 0 to 2^32 - 1; from the system by default. */
  readonly random?: (() => number) | undefined;
}

/** What one member of a group has answered. */
export interface GroupResponse {
  /** Where it is: more is asked of it alone, and there. Over plain UDP anybody can claim to be anybody. */
  readonly from: DatagramAddress;
  readonly response: CoapResponse;
}

/**
 * Asks all members of a group, by one message that nobody acknowledges, when the iteration begins. Answers come until the
 * time is over; that nobody answers is no error. The endpoint stays the caller's; peers that it has paths to are not heard.
 *
 * @throws the signal's reason; TransportError DATAGRAM_TOO_LARGE.
 *
 * @example
 * await using endpoint = await openUdp({ host: "0.0.0.0" });
 * const discovery = { code: "0.01", options: [], payload: new Uint8Array(0) } as const;
 * for await (const { from } of askGroup(endpoint, { host: "224.0.1.187", port: 5683 }, discovery)) console.log(from.host);
 */
export async function* askGroup(
  endpoint: DatagramEndpoint,
  group: DatagramAddress,
  request: CoapRequest,
  options: AskGroupOptions = {},
): AsyncGenerator<GroupResponse, undefined> {
  const { waitMilliseconds = 7_000, responseLimit = 1_000, signal, clock = systemClock } = options;
  signal?.throwIfAborted();
  const exchange = new GroupExchange(request, options.random ?? randomSource());
  const arrived: GroupResponse[] = [];
  const waiting = { left: responseLimit, isOver: false };
  let change = Promise.withResolvers<undefined>();
  const hear = (bytes: Buffer, from: DatagramAddress): void => {
    if (waiting.left === 0) return;
    const reading = exchange.receive(bytes, formatPeer(from.host, from.port));
    if (reading.type === "ignore") return;
    if (reading.acknowledgement !== undefined) endpoint.send(reading.acknowledgement, from);
    if (reading.response === undefined) return;
    arrived.push({ from, response: reading.response });
    waiting.left -= 1;
    change.resolve(undefined);
  };
  const end = (): void => {
    waiting.isOver = true;
    change.resolve(undefined);
  };
  endpoint.on("message", hear);
  endpoint.once("close", end);
  signal?.addEventListener("abort", end, { once: true });
  const cancel = clock.schedule(waitMilliseconds, end);
  try {
    endpoint.send(exchange.bytes, group);
    for (;;) {
      const next = arrived.shift();
      signal?.throwIfAborted();
      if (next !== undefined) yield next;
      else if (waiting.isOver || waiting.left === 0) return;
      else {
        await change.promise;
        change = Promise.withResolvers();
      }
    }
  } finally {
    cancel();
    signal?.removeEventListener("abort", end);
    endpoint.off("close", end);
    endpoint.off("message", hear);
  }
}
