import { type Clock, systemClock } from "@fairlead/tls/datagram";
import { peerKey } from "../blocks/peer-key.ts";
import { PeerTable } from "../blocks/peer-table.ts";
import type { CoapAnswer, CoapContext, CoapHandler, CoapRequest } from "../exchange.ts";
import { coapOptions, readOption, writeOption } from "../protocol/index.ts";
import { echoTickets } from "./echo-tickets.ts";
import { messageBytes } from "../protocol/echo/message-bytes.ts";

/** When a client has to show that it is where it says, or that it asks now. */
export interface RequireEchoOptions {
  /**
   * How many times the bytes of its request a stranger gets at most, 3 by default. Observing and Q-Block, which are more
   * than one answer, count as too much; an answer that comes late, behind its acknowledgement, is repeated only where all
   * its repetitions are within that. Infinity trusts every address, as servers for clients without Echo may have to:
   * anybody can then have anybody flooded by this server.
   */
  readonly amplification?: number | undefined;
  /**
   * Requests that are handled only with a fresh value of Echo, whoever sends them: what must not be repeated or delayed by
   * somebody on the way, such as the opening of a door. None by default. RFC 9175 section 2.4, point 1.
   */
  readonly mustBeFresh?: ((request: CoapRequest, context: CoapContext) => boolean) | undefined;
  /** How old a value may be, 60 by default. */
  readonly maxAgeSeconds?: number | undefined;
  /** How many peers are known to be reachable at most, 10,000 by default, each for 5 minutes behind its proof. */
  readonly maxKnownPeers?: number | undefined;
  /** See {@link echoTickets}. */
  readonly key?: Uint8Array | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Gives no stranger much more than it sent: a larger answer is replaced by 4.01 with Echo, and handled anew when the client
 * comes back with that. What is handled behind it sees by `isReachable` who has come back.
 *
 * A request that changes something is not handled twice: its large answer to a stranger is sent without payload.
 *
 * @see RFC 9175 sections 2.3 and 2.4
 */
export function requireEcho(options: RequireEchoOptions = {}): (handler: CoapHandler) => CoapHandler {
  const { amplification = 3, mustBeFresh = never, maxAgeSeconds = 60, maxKnownPeers = 10_000 } = options;
  const { clock = systemClock } = options;
  const now = (): number => clock.now();
  const tickets = echoTickets(now, options.key);
  // Until when each is. Its requests prolong nothing: anybody can send those in its name.
  const known = new PeerTable<number>(
    { maxEntries: maxKnownPeers, maxEntriesPerPeer: 1, maxBytes: 1, maxBytesPerPeer: 1, idleMilliseconds: knownFor },
    now,
  );

  return (handler) => async (request, context) => {
    const key = peerKey(context);
    const owner = { peerKey: key, isReachable: true };
    const echo = readOption(request, "echo");
    const isFresh = echo !== undefined && tickets.isFresh(echo, key, maxAgeSeconds);
    if (isFresh && !context.isReachable) known.set(owner, "", now() + knownFor, 0);
    const isReachable = context.isReachable || (known.get(owner, "") ?? 0) > now();
    const challenge = (): CoapAnswer => ({
      ...{ code: "4.01", options: [writeOption("echo", tickets.give(key))], payload: nothing },
    });
    const room = amplification * messageBytes(request);
    // Nobody else vouches for the address that what is confirmable would be sent to again and again.
    const toStranger = (answer: CoapAnswer): CoapAnswer =>
      messageBytes(answer) * mostTransmissions <= room ? answer : { ...answer, delivery: "non-confirmable" };
    if (!isFresh && mustBeFresh(request, context)) return isReachable ? challenge() : toStranger(challenge());

    const handled = { ...request, options: request.options.filter(({ number }) => number !== coapOptions.echo.number) };
    const answer = await handler(handled, isReachable === context.isReachable ? context : { ...context, isReachable });
    if (answer === undefined || isReachable) return answer;
    const isMore = answer.updates !== undefined || answer.rest !== undefined;
    if (!isMore && messageBytes(answer) <= room) return toStranger(answer);
    if (room === Number.POSITIVE_INFINITY) return answer;
    await answer.updates?.[Symbol.asyncIterator]().return?.();
    await answer.rest?.[Symbol.asyncIterator]().return?.();
    const isSafe = request.code === "0.01" || request.code === "0.05";
    return toStranger(isSafe ? challenge() : { code: answer.code, options: [], payload: nothing });
  };
}

function never(): boolean {
  return false;
}

const knownFor = 300_000;
/** Of what is never acknowledged: RFC 7252 section 4.8. */
const mostTransmissions = 5;
const nothing = new Uint8Array(0);
