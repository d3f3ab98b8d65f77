import { isCodedError, PolicyError, ProtocolError, TimeoutError } from "@fairlead/core";
import { formatRequestHead, type FormattedRequestHead } from "@fairlead/http/h1";
import { addVia, endToEndFields, endToEndTrailers, relayFailureOf } from "@fairlead/http/relay";
import { LeanResponse, upgradeResponse } from "../fetch/index.ts";
import type { FetchHandler, RequestContext } from "../fetch-handler.ts";
import { joinStreams } from "./join-streams.ts";
import { type RelayRequest, relayRequestOf } from "./relay-request.ts";
import { type HandshakeKey, requestFields } from "./request-fields.ts";
import { type ReverseProxyOptions, resolveOptions, type ResolvedOptions } from "./reverse-proxy-options.ts";
import type { Upstream } from "./upstream.ts";
import type { UpstreamConnection } from "./upstream-connection.ts";
import type { UpstreamAnswer } from "./upstream-request.ts";
import { Upstreams } from "./upstreams.ts";

/** A handler that passes requests on. */
export interface ReverseProxy extends AsyncDisposable {
  (request: Request, context: RequestContext): Promise<Response>;
  /** Closes the connections that nobody uses, and the others when their requests are answered. */
  close(): Promise<void>;
}

/**
 * Passes requests on to other servers by HTTP/1.1, and their answers back, streaming both ways and no faster than the
 * slower side. What belongs to a connection stays on it, and since both sides are read by Fairlead's own parsers and written
 * anew, no two servers see two different requests in the same bytes.
 *
 * Where no answer comes, or one that breaks the rules, the client gets 502, 503 or 504, with the reason in Proxy-Status.
 *
 * @throws UsageError OPTION_INVALID
 * @see RFC 9110 sections 3.7 and 7.6
 *
 * @example
 * const proxy = reverseProxy({ target: ["http://127.0.0.1:3000", "http://127.0.0.1:3001"] });
 * await serve({ fetch: proxy, port: 8080 });
 */
export function reverseProxy(options: ReverseProxyOptions): ReverseProxy {
  const resolved = resolveOptions(options);
  const relay = new Relay(resolved);
  const close = (): Promise<void> => {
    relay.close();
    return Promise.resolve();
  };
  const handler: FetchHandler = (request, context) => relay.handle(request, context);
  return Object.assign(handler as (request: Request, context: RequestContext) => Promise<Response>, {
    close,
    [Symbol.asyncDispose]: close,
  });
}

/** One request on its way. */
interface Passage {
  readonly request: RelayRequest;
  readonly context: RequestContext;
  readonly fields: string[];
  readonly key: HandshakeKey | undefined;
}

class Relay {
  readonly #options: ResolvedOptions;
  readonly #upstreams: Upstreams;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#upstreams = new Upstreams(options.upstream);
    if (typeof options.target !== "function") this.#upstreams.of(options.target);
  }

  close(): void {
    this.#upstreams.close();
  }

  async handle(original: Request, context: RequestContext): Promise<Response> {
    const request = relayRequestOf(original);
    try {
      const { target } = this.#options;
      const candidates = this.#upstreams.of(typeof target === "function" ? await target(original, context) : target);
      const { fields, key } = requestFields(request, context, this.#options);
      if (!addVia(fields, request.version, this.#options.via)) throw new PolicyError("RELAY_LOOP");
      return await this.#pass({ request, context, fields, key }, candidates);
    } catch (error) {
      // Of those the client hears from the server, if it is still there.
      if (request.body?.failure !== undefined) throw request.body.failure.reason;
      if (request.signal.aborted || !isCodedError(error) || error.name === "UsageError") throw error;
      this.#options.onError?.(error, original);
      return failureResponse(error, this.#options.via);
    }
  }

  /** Asks one server after another, as long as nothing can have been done twice by it. */
  async #pass(passage: Passage, candidates: readonly Upstream[]): Promise<Response> {
    const { request } = passage;
    const left = [...candidates];
    let isRepeated = false;
    for (;;) {
      const upstream = this.#upstreams.choose(left);
      const head = this.#head(passage, upstream);
      const connection = await upstream.acquire(request.signal, isRepeated).catch((error: unknown) => {
        this.#failed(upstream, error, request);
        left.splice(left.indexOf(upstream), 1);
        if (left.length === 0 || request.signal.aborted) throw error;
      });
      // Nothing was sent: any other may do it.
      if (connection === undefined) continue;
      try {
        upstream.active += 1;
        const answer = await connection.send({
          method: wireMethod(request),
          head,
          upgrade: request.upgrade,
          body: request.body,
          waitsForContinue: head.framing !== "none" && expectsContinue(request),
          timeouts: this.#options.timeouts,
          signal: request.signal,
          onInterim: (status, fields) => {
            if (this.#options.interim) passage.context.inform(status, endToEndFields(fields));
          },
          onOver: () => {
            upstream.active -= 1;
          },
        });
        upstream.succeeded();
        return this.#answer(answer, passage, upstream);
      } catch (error) {
        if (!connection.isReused) this.#failed(upstream, error, request);
        const isElsewhere = connection.isReused || left.length > 1;
        if (isRepeated || !isElsewhere || !mayRepeat(request, connection.progress, error)) throw error;
        isRepeated = true;
        if (!connection.isReused) left.splice(left.indexOf(upstream), 1);
      }
    }
  }

  #head({ request, fields }: Passage, upstream: Upstream): FormattedRequestHead {
    const { body } = request;
    return formatRequestHead({
      method: wireMethod(request),
      target: this.#options.path?.(request.path) ?? request.path,
      host: this.#options.host === "keep" ? request.authority : upstream.target.authority,
      fields,
      content: body === undefined ? "none" : (body.length ?? "stream"),
      upgrade: request.upgrade,
      acceptsTrailers: request.upgrade === undefined,
      expectsContinue: expectsContinue(request),
      peer: upstream.peer,
    });
  }

  #failed(upstream: Upstream, error: unknown, { signal, body }: RelayRequest): void {
    const isOfServer = !(error instanceof PolicyError) && !signal.aborted && body?.failure === undefined;
    if (isOfServer) upstream.failed(Date.now());
  }

  #answer(answer: UpstreamAnswer, { request, key }: Passage, { peer }: Upstream): Response {
    const fields = endToEndFields(answer.fields);
    addVia(fields, "1.1", this.#options.via);
    switch (answer.type) {
      case "upgrade": {
        const { stream } = answer;
        if (key !== undefined && !key.isAnsweredBy(answer.fields)) {
          stream.destroy();
          throw malformed(peer, "a wrong Sec-WebSocket-Accept");
        }
        return upgradeResponse(key === undefined ? fields : key.withoutAnswer(fields), (client) => {
          joinStreams(client, stream);
        });
      }
      case "response": {
        const { status, content } = answer;
        if (status > 599) {
          content.cancel();
          throw malformed(peer, `status ${String(status)}`);
        }
        // To extended CONNECT it would say that the server agrees. RFC 8441 section 5.
        if (key !== undefined && status < 300) {
          content.cancel();
          throw malformed(peer, "a success in place of a switch of protocols");
        }
        if (request.method === "HEAD" || status === 304) {
          if (content.length !== undefined) fields.push("content-length", String(content.length));
          return new LeanResponse(null, { status, fields });
        }
        const whole = content.takeWhole();
        if (whole !== undefined) return new LeanResponse(whole, { status, fields });
        // Behind content whose length was said, nothing can come.
        const trailers = content.length === undefined ? () => endToEndTrailers(content.trailers) : undefined;
        return new LeanResponse(content, { status, fields, trailers });
      }
    }
  }
}

/** In HTTP/1.1 a WebSocket is asked for by GET, in HTTP/2 by CONNECT. */
function wireMethod({ method, upgrade }: RelayRequest): string {
  return upgrade === undefined ? method : "GET";
}

/** RFC 9110 section 10.1.1. */
function expectsContinue({ fields, version }: RelayRequest): boolean {
  if (version === "1.0") return false;
  return fields.some((name, index) => index % 2 === 0 && name === "expect" && isContinue(fields[index + 1]));
}

function isContinue(value: string | undefined): boolean {
  return value?.toLowerCase() === "100-continue";
}

/** Whether nothing can be done twice when it is sent again. RFC 9110 section 9.2.2. */
function mayRepeat(
  { method, body, upgrade, signal }: RelayRequest,
  progress: UpstreamConnection["progress"],
  error: unknown,
): boolean {
  if (signal.aborted || body?.isTouched === true || error instanceof TimeoutError) return false;
  return progress === "unsent" || (progress === "unheard" && IDEMPOTENT.has(method) && upgrade === undefined);
}

const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

function malformed(peer: string, detail: string): ProtocolError {
  return new ProtocolError("RESPONSE_MALFORMED", { peer, operation: "request", detail });
}

/** Says what is wrong to whoever may know, and nothing of the servers behind. RFC 9209. */
function failureResponse(error: Error & { readonly code: string }, name: string): Response {
  const { status, type } = relayFailureOf(error, error instanceof TimeoutError ? error.phase : undefined);
  const fields = ["cache-control", "no-store", "proxy-status", `${name}; error=${type}`];
  if (status === 503) fields.push("retry-after", "1");
  return new LeanResponse(REASONS[status], { status, fields });
}

const REASONS = { 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout" } as const;
