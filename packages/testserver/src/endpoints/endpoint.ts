import type { Exchange } from "./exchange.ts";

/** One thing that the http and https services do. */
export interface Endpoint {
  /**
   * Path with `:parameters`, and behind a `?` the query parameters that it takes: `/redirect/:code?to=URL`.
   * What is behind the `?` is documentation; the path decides.
   */
  readonly path: string;
  /** What it does, as one line that begins with a verb. */
  readonly does: string;
  /** A request target that shows it. */
  readonly example: string;
  /**
   * What becomes of `Expect: 100-continue` (RFC 9110 section 10.1.1): by default the body is asked for. `refuse` answers
   * with 417 instead, and `ignore` says nothing and waits for the body.
   */
  readonly expectation?: "refuse" | "ignore";
  /** Answers a request. Rejections of {@link BadRequest} become a 400. */
  readonly handle: (exchange: Exchange) => void | Promise<void>;
}

/** Endpoints that belong together: one file each. */
export interface EndpointFamily {
  readonly name: string;
  /** What its members do, as one line that begins with a verb in the plural. */
  readonly line: string;
  readonly endpoints: readonly Endpoint[];
}

/** Makes a family of endpoints. */
export function endpointFamily(name: string, line: string, endpoints: readonly Endpoint[]): EndpointFamily {
  return { name, line, endpoints };
}
