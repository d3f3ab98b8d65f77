import { withBlocks } from "../blocks/with-blocks.ts";
import type { CoapChannel } from "../channel.ts";
import type { CoapRequester } from "../exchange.ts";
import { channelRequester } from "./channel-requester.ts";

/** How bodies are asked for and sent. */
export interface ClientBodyOptions {
  /** Most bytes of an answer's body, 16 MiB by default. What is larger is for `download`. */
  readonly maxBodyBytes?: number | undefined;
  /** Most bytes of one block: 16, 32, 64, 128, 256, 512 or 1024, as many as fit by default. */
  readonly blockBytes?: number | undefined;
}

/** How a client asks by one channel. */
export interface ChannelRequesters {
  /** With all that lies below blocks: each request is one message. */
  readonly message: CoapRequester;
  /** As an application asks: bodies are whole. */
  readonly whole: CoapRequester;
}

/** Lays the layers of a client over a channel. */
export function channelRequesters(channel: CoapChannel, options: ClientBodyOptions): ChannelRequesters {
  const message = channelRequester(channel);
  return { message, whole: withBlocks({ ...options, channel })(message) };
}
