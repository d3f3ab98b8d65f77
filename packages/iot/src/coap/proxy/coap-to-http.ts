import { cacheControl, parseDeltaSeconds } from "@fairlead/http/cache";
import { withinDeadline } from "../client/deadline.ts";
import type { CoapAnswer, CoapContext, CoapHandler, CoapRequest } from "../exchange.ts";
import {
  type CoapOption,
  coapCodeOfHttpStatus,
  coapCodes,
  coapOptions,
  contentFormatOfMediaType,
  findBadOption,
  mediaTypeOfContentFormat,
  readOption,
  readOptions,
  readProxyTarget,
  requestOptionsToForward,
  writeOption,
} from "../protocol/index.ts";
import { coapRefusal } from "../server/coap-answer.ts";
import { gatewayRefusal } from "./gateway-refusal.ts";
import { readAtMost } from "./read-at-most.ts";

/** How devices are brought to HTTP. */
export interface CoapToHttpOptions {
  /** Such as that of a NetworkAccessManager: with its proxies, its trust and its identity, but without its cookies. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /**
   * Says who may ask for what; whoever may not gets 4.03. There is no default: a proxy that is open to all lends its place
   * in the network, and what `fetch` is trusted with, to strangers.
   */
  readonly allow: (request: CoapToHttpRequest, context: CoapContext) => boolean | Promise<boolean>;
  /** Most bytes of an answer's body; 1 MiB by default. */
  readonly maxBodyBytes?: number | undefined;
  /** For all of it; 60,000 by default. */
  readonly timeoutMilliseconds?: number | undefined;
}

/** What a device wants of a website. */
export interface CoapToHttpRequest {
  readonly url: URL;
  readonly method: string;
}

/**
 * Answers requests for `http:` and `https:` by HTTP, and leaves the others to what is behind it. Redirects are not followed,
 * and cookies neither sent nor kept.
 *
 * @see RFC 7252 section 10.1
 *
 * @example
 * const allow = ({ url }: CoapToHttpRequest) => url.origin === "https://api.example.org";
 * const handler = coapToHttp({ fetch: (url, init) => manager.fetch(url, init), allow })(resourceHandler([]));
 * await using server = coapServer({ handler });
 */
export function coapToHttp(options: CoapToHttpOptions): (handler: CoapHandler) => CoapHandler {
  const { fetch, allow, maxBodyBytes = 2 ** 20, timeoutMilliseconds = 60_000 } = options;
  return (handler) => async (request, context) => {
    const target = readProxyTarget(request);
    if (target.type !== "http") return handler(request, context);
    if (context.isMulticast) return undefined;
    const url = new URL(target.url);
    const method = methods.get(request.code);
    if (method === undefined) return coapRefusal("Not Implemented", "HTTP has no such method");
    if (!(await allow({ url, method }, context))) return coapRefusal("Forbidden");
    const headers = headersOf(request);
    if (!(headers instanceof Headers)) return headers;
    const { signal } = context;
    const deadline = { timeoutMilliseconds, signal, uri: { host: url.hostname, port: Number(url.port) || 80 } };
    try {
      return await withinDeadline(deadline, async (ending) => {
        const body = method === "GET" || method === "DELETE" ? null : request.payload.slice();
        const init = { method, headers, body, redirect: "manual", credentials: "omit", signal: ending } as const;
        const response = await fetch(url.href, init);
        const payload = response.body === null ? empty : await readAtMost(response.body, maxBodyBytes);
        if (payload === undefined) return coapRefusal("Bad Gateway", "the answer is too large");
        return answerOf(response, payload, method);
      });
    } catch (error) {
      signal.throwIfAborted();
      // What `fetch` throws by its standard says nothing of why.
      return coapRefusal(error instanceof TypeError ? "Bad Gateway" : gatewayRefusal(error));
    }
  };
}

/** What a request says in options, in fields; or why it cannot. */
function headersOf(request: CoapRequest): Headers | CoapAnswer {
  const kept = requestOptionsToForward(request);
  const bad = kept.type === "refuse" ? kept : findBadOption(kept, understood);
  if (bad !== undefined) return coapRefusal("Bad Option", `option ${bad.number}`);
  const headers = new Headers();
  const [contentFormat, accept] = [readOption(request, "contentFormat"), readOption(request, "accept")];
  if (contentFormat !== undefined) headers.set("content-type", mediaTypeOfContentFormat(contentFormat));
  if (accept !== undefined) headers.set("accept", mediaTypeOfContentFormat(accept));
  const [wanted, known] = [readOptions(request, "ifMatch"), readOptions(request, "eTag")];
  const isAny = wanted.some((tag) => tag.length === 0);
  if (wanted.length > 0) headers.set("if-match", isAny ? "*" : wanted.flatMap(entityTagOf).join(", ") || never);
  if (readOption(request, "ifNoneMatch") !== undefined) headers.set("if-none-match", "*");
  else if (request.code === coapCodes.GET && known.length > 0) {
    const tags = known.flatMap(entityTagOf);
    if (tags.length > 0) headers.set("if-none-match", tags.join(", "));
  }
  return headers;
}

function answerOf({ status, headers }: Response, payload: Uint8Array, method: string): CoapAnswer {
  const code = coapCodeOfHttpStatus(status, method);
  const isSuccess = code.startsWith("2.");
  const mediaType = headers.get("content-type");
  const format = mediaType === null ? undefined : contentFormatOfMediaType(mediaType);
  const eTag = eTagOf(headers.get("etag"));
  const options: CoapOption[] = [];
  if (isSuccess && eTag !== undefined) options.push(writeOption("eTag", eTag));
  if (format !== undefined && payload.length > 0) options.push(writeOption("contentFormat", format));
  if (method === "GET" && isSuccess) options.push(writeOption("maxAge", freshFor(headers)));
  // Without a format, what an error says would be read as text for people. RFC 7252 section 5.5.2.
  const isTold = isSuccess ? code !== coapCodes.Valid : format !== undefined;
  return { code, options, payload: isTold ? payload : empty };
}

/** Seconds; none where the server does not say it. */
function freshFor(headers: Headers): number {
  const control = cacheControl([...headers]);
  if (control.has("no-store") || control.has("no-cache") || control.has("private")) return 0;
  const age = parseDeltaSeconds(headers.get("age") ?? undefined) ?? 0;
  return Math.max(0, (control.seconds("max-age") ?? 0) - age);
}

/** A strong tag that fits into an option, by its characters, so that none has to be remembered. */
function eTagOf(entityTag: string | null): Uint8Array | undefined {
  const [, text] = /^"([\x21\x23-\x7e]{1,8})"$/.exec(entityTag ?? "") ?? [];
  return text === undefined ? undefined : new TextEncoder().encode(text);
}

/** The tag that {@link eTagOf} was made of; what it was never made of is left out. */
function entityTagOf(eTag: Uint8Array): readonly string[] {
  const tag = `"${String.fromCharCode(...eTag)}"`;
  return eTagOf(tag) === undefined ? [] : [tag];
}

const methods: ReadonlyMap<string, string> = new Map([
  [coapCodes.GET, "GET"],
  [coapCodes.POST, "POST"],
  [coapCodes.PUT, "PUT"],
  [coapCodes.DELETE, "DELETE"],
  [coapCodes.PATCH, "PATCH"],
]);
const understood: ReadonlySet<number> = new Set(
  (["ifMatch", "ifNoneMatch", "accept"] as const).map((key) => coapOptions[key].number),
);
/** A tag that no representation has: the precondition fails, as it must. */
const never = '""';
const empty = new Uint8Array(0);
