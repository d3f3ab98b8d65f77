import type { BlocksChannel } from "../blocks/blocks-options.ts";
import { withBlocks } from "../blocks/with-blocks.ts";
import type { CoapChannel } from "../channel.ts";
import { withEcho } from "../echo/with-echo.ts";
import type { CoapRequester } from "../exchange.ts";
import type { OscoreContext } from "../oscore/oscore-context.ts";
import { withOscore } from "../oscore/with-oscore.ts";
import { withPatience } from "../patience/with-patience.ts";
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
  /** What blocks have to fit into. */
  readonly carrier: BlocksChannel;
}

/**
 * Lays the layers of a client over a channel.
 *
 * @param oscore protects all of it, blocks included
 */
export function channelRequesters(
  channel: CoapChannel,
  options: ClientBodyOptions,
  oscore?: OscoreContext,
): ChannelRequesters {
  const bare = channelRequester(channel);
  const message = withPatience()(withEcho(oscore === undefined ? bare : withOscore(oscore)(bare)));
  const carrier = oscore === undefined ? channel : protectedCarrier(channel, oscore);
  return { message, whole: withBlocks({ ...options, channel: carrier })(message), carrier };
}

/** A stream's peer may raise its limit at any time, so that it is looked at for each message. */
function protectedCarrier(channel: CoapChannel, { requestOverheadBytes }: OscoreContext): BlocksChannel {
  return {
    peer: channel.peer,
    get maxMessageBytes() {
      return channel.maxMessageBytes - requestOverheadBytes;
    },
    get takesGatheredBlocks() {
      return channel.takesGatheredBlocks;
    },
  };
}
