import type { BodySource, FlatFields } from "../exchange/index.ts";
import { exchangeOf, requestContent } from "../fetch/index.ts";

/** What of a request is passed on, whoever made it. */
export interface RelayRequest {
  readonly version: "1.0" | "1.1" | "2";
  readonly method: string;
  readonly scheme: "http" | "https";
  readonly authority: string;
  readonly path: string;
  readonly fields: FlatFields;
  readonly body: RelayBody | undefined;
  readonly upgrade: string | undefined;
  readonly signal: AbortSignal;
}

/** Takes a request apart; its content counts as read from then on. */
export function relayRequestOf(request: Request): RelayRequest {
  const exchange = exchangeOf(request);
  if (exchange === undefined) return partsOfOther(request);
  const { version, method, scheme, authority, path, fields, upgrade } = exchange.head;
  // The standard's Request has no content for these; HTTP does not forbid it.
  const body = method === "GET" || method === "HEAD" ? exchange.body : requestContent(request);
  return {
    version,
    method,
    scheme,
    authority,
    path,
    fields,
    body: body && new RelayBody(body),
    upgrade: upgrade?.toLowerCase() === "websocket" ? "websocket" : undefined,
    signal: exchange.signal,
  };
}

/** Of a request that a plug-in or a framework made. It cannot ask for an upgrade. */
function partsOfOther(request: Request): RelayRequest {
  const url = new URL(request.url);
  const body = requestContent(request);
  return {
    version: "1.1",
    method: request.method,
    scheme: url.protocol === "https:" ? "https" : "http",
    authority: url.host,
    path: url.pathname + url.search,
    fields: [...request.headers].flat(),
    body: body && new RelayBody(body),
    upgrade: undefined,
    signal: request.signal,
  };
}

/** A request's content, of which it is known whether anything was read, and whether the client is to blame for its end. */
export class RelayBody implements BodySource {
  readonly #source: BodySource;
  /** Whether it can no longer be sent from its beginning. */
  isTouched = false;
  /** Why the rest does not come, in a box: anything can be a reason. */
  failure: { readonly reason: unknown } | undefined;

  constructor(source: BodySource) {
    this.#source = source;
  }

  get length(): number | undefined {
    return this.#source.length;
  }

  get trailers(): FlatFields {
    return this.#source.trailers;
  }

  async read(): Promise<Uint8Array | undefined> {
    this.isTouched = true;
    try {
      return await this.#source.read();
    } catch (reason) {
      this.failure = { reason };
      throw reason;
    }
  }

  cancel(reason?: unknown): void {
    this.#source.cancel(reason);
  }
}
