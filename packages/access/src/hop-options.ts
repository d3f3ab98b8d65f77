import type { ForeignOptions, HopOptions } from "./dispatch.ts";
import type { Exchange } from "./exchange.ts";
import type { EngineBody } from "./request-body.ts";
import type { Target } from "./target.ts";
import { Hop } from "./transaction.ts";

/** What differs from hop to hop. */
export interface HopRequest {
  readonly target: Target;
  /** Path and query. */
  readonly path: string;
  readonly method: string;
  readonly headers: HopOptions["headers"];
  readonly body: EngineBody;
}

/** Makes the options of one hop, in one shape. */
export function hopOptions({ target, path, method, headers, body }: HopRequest, exchange: Exchange): HopOptions {
  return {
    origin: target.origin,
    path,
    method,
    headers,
    body,
    // The engine would take the name from a Host field, and the application may set that to anything.
    servername: target.host,
    target,
    hop: new Hop(method, target.origin, path),
    exchange,
  };
}

/** Makes the options of one hop from what another library asks of a dispatcher, whose further options stay. */
export function adoptOptions(options: ForeignOptions, target: Target, exchange: Exchange): HopOptions {
  return {
    ...options,
    ...hopOptions({ ...options, target, headers: options.headers ?? null, body: options.body ?? null }, exchange),
  };
}
