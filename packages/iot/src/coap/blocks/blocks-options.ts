import type { CoapChannel } from "../channel.ts";
import type { CoapScheme } from "../exchange.ts";

/** What layers of blocks need to know of what carries them. */
export interface BlocksChannel extends Pick<CoapChannel, "maxMessageBytes" | "takesGatheredBlocks" | "peer"> {
  /**
   * With `coap` the blocks of a request's body go by one token, by which simple servers join them. Whatever protects
   * messages keeps out of it: a fresh token binds each answer to its request. RFC 9175 section 4.2.
   */
  readonly scheme?: CoapScheme | undefined;
}

/** How bodies are divided and gathered by who asks. */
export interface BlocksOptions {
  /** What carries the requests, looked at for each of them. By default datagrams, of 1,152 bytes. RFC 7252 section 4.6. */
  readonly channel?: BlocksChannel | undefined;
  /** Most bytes of one block: 16, 32, 64, 128, 256, 512 or 1024. Where it is given, the server is asked for it, too. */
  readonly blockBytes?: number | undefined;
}

/** Datagrams to somebody. */
export const datagramsByDefault: BlocksChannel = {
  ...{ maxMessageBytes: 1_152, takesGatheredBlocks: false, peer: "the peer" },
};
