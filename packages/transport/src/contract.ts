import type { Duplex } from "node:stream";

/**
 * A byte stream is Node's `Duplex`, so that `node:tls`, `node:http2`, undici and others take one unchanged.
 *
 * A layer wraps the stream below it and never opens its own; stacks are lists of layers. On success the result owns
 * `below`; on failure the layer destroys it.
 */
export type Layer<Options> = (below: Duplex, options: Options) => Promise<Duplex>;
