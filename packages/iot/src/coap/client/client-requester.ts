import type { CoapChannel } from "../channel.ts";
import type { CoapRequester } from "../exchange.ts";
import { channelRequester } from "./channel-requester.ts";

/** Asks by a channel as a client does, with all that lies between an application and the messages. */
export function clientRequester(channel: CoapChannel): CoapRequester {
  return channelRequester(channel);
}
