import type { Endpoint } from "./endpoint.ts";

/** A reply that is always the same bytes, after which the connection closes in order. */
export interface FixedReply {
  readonly path: string;
  /** One line that begins with a verb. */
  readonly does: string;
  /** Written as Latin-1. */
  readonly bytes: string;
}

/** Makes an endpoint of fixed bytes. */
export function fixedReply({ path, does, bytes }: FixedReply): Endpoint {
  return {
    path,
    does,
    example: path,
    handle: async (exchange) => {
      const reply = exchange.takeConnection();
      await reply.write(bytes);
      reply.end();
    },
  };
}
