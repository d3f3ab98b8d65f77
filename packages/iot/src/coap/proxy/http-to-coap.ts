import { parseEntityTags } from "@fairlead/http/conditional";
import { parseWeighted } from "@fairlead/http/negotiation";
import type { CoapClient } from "../client/coap-client.ts";
import type { CoapReply } from "../client/coap-reply.ts";
import type { CoapMethod, CoapRequestOptions } from "../client/coap-request.ts";
import {
  type CoapUri,
  coapCodes,
  contentFormatOfMediaType,
  formatCoapUri,
  httpStatusOfCoapCode,
  mediaTypeOfContentFormat,
  parseCoapUri,
} from "../protocol/index.ts";
import { gatewayRefusal } from "./gateway-refusal.ts";
import { isGroupAddress } from "./group-address.ts";
import { readAtMost } from "./read-at-most.ts";

/** How HTTP is brought to devices. */
export interface HttpToCoapOptions {
  /** Asks the devices: with its identity, its keys and its network. */
  readonly client: Pick<CoapClient, "request">;
  /**
   * Says who may do what; whoever may not gets 403. There is no default: a proxy that is open to all lends its place in the
   * network, and what `client` is trusted with, to strangers. Who asks is what the server in front of it has found out.
   */
  readonly allow: (request: HttpToCoapRequest) => boolean | Promise<boolean>;
  /** What comes before the URI of a device in the path; `/hc/` by default. RFC 8075 section 5.3. */
  readonly path?: string | undefined;
  /** Most bytes of a request's body; 1 MiB by default. That of an answer is the client's to limit. */
  readonly maxBodyBytes?: number | undefined;
  /** For all of it; 60,000 by default. */
  readonly timeoutMilliseconds?: number | undefined;
}

/** What somebody wants of a device. */
export interface HttpToCoapRequest {
  readonly uri: CoapUri;
  readonly method: CoapMethod;
  readonly request: Request;
}

/**
 * Makes a handler that asks devices what HTTP asks it: `GET /hc/coap://device/sensors/temp`. Nothing of a request's fields
 * goes on but what CoAP has an option for, and nothing of a device's answer becomes a field but by a table.
 *
 * What changes something is refused when a browser sends it for another site. Answers are no pages: no browser runs what a
 * device says.
 *
 * @see RFC 8075
 *
 * @example
 * const allow = ({ uri, method }: HttpToCoapRequest) => uri.host === "sensor.internal" && method === "GET";
 * await using server = await serve({ fetch: httpToCoap({ client: coapClient({ manager }), allow }), port: 8080 });
 */
export function httpToCoap(options: HttpToCoapOptions): (request: Request) => Promise<Response> {
  const { client, allow, path = "/hc/", maxBodyBytes = 2 ** 20, timeoutMilliseconds = 60_000 } = options;
  return async (request) => {
    const written = targetOf(request.url, path);
    if (written === undefined) return problem(404, `give the URI of a device behind ${path}`);
    const uri = parsed(written);
    if (uri === undefined) return problem(400, "the URI of the device is none");
    const method = methods.get(request.method);
    if (method === undefined) return problem(501, "devices have no such method");
    if (isForeign(request)) return problem(403, "a page of another site may not change a device");
    if (isGroupAddress(uri.host) || !(await allow({ uri, method, request })))
      return problem(403, "this is not allowed");
    const said = conditionsOf(request, method);
    if (said === "never") return problem(412, "no device has such an entity tag");
    if (said === "unsayable") return problem(501, "devices know no such condition");
    const content = await contentOf(request, method, maxBodyBytes);
    if (typeof content === "number") return problem(content, refusals[content]);
    const asking: CoapRequestOptions = {
      ...{ ...said, ...content, accept: acceptedBy(request), timeoutMilliseconds, signal: request.signal },
    };
    try {
      return responseOf(await client.request(method, formatCoapUri(uri), asking), request, path);
    } catch (error) {
      request.signal.throwIfAborted();
      const status = httpStatusOfCoapCode(coapCodes[gatewayRefusal(error)], true);
      return problem(status, unreachable.get(status) ?? "the device could not be asked");
    }
  };
}

/** The URI in a URL, as it was written: with its query, and `[` and `]` where they had to be encoded. RFC 8075 section 5.3. */
function targetOf(url: string, path: string): string | undefined {
  const { pathname, search } = new URL(url);
  if (!pathname.startsWith(path)) return undefined;
  return pathname.slice(path.length).replace(/^[^/]*\/\/[^/]*/, undoBrackets) + search;
}

function undoBrackets(origin: string): string {
  return origin.replaceAll(/%5b/gi, "[").replaceAll(/%5d/gi, "]");
}

function parsed(uri: string): CoapUri | undefined {
  try {
    return parseCoapUri(uri);
  } catch {
    // Whatever it is, it is no URI of a device: the requester's mistake.
    return undefined;
  }
}

/** What a browser says of itself. Fetch Metadata section 2.3. */
function isForeign(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  return request.method !== "GET" && request.method !== "HEAD" && (site === "cross-site" || site === "same-site");
}

type Conditions = Pick<CoapRequestOptions, "eTags" | "ifMatch" | "ifNoneMatch">;

/** RFC 8075 section 7 leaves them to RFC 7252 section 5.10.8. */
function conditionsOf({ headers }: Request, method: CoapMethod): Conditions | "never" | "unsayable" {
  const [ifMatch, ifNoneMatch] = [headers.get("if-match"), headers.get("if-none-match")];
  const conditions: { -readonly [Key in keyof Conditions]: Conditions[Key] } = {};
  if (ifMatch !== null) {
    const list = parseEntityTags(ifMatch);
    const tags = list.type === "any" ? [new Uint8Array(0)] : list.tags.flatMap(eTagOf);
    if (tags.length === 0) return "never";
    conditions.ifMatch = tags;
  }
  if (ifNoneMatch !== null) {
    const list = parseEntityTags(ifNoneMatch);
    if (list.type === "any") {
      if (method === "GET") return "unsayable";
      conditions.ifNoneMatch = true;
    } else if (method === "GET") {
      conditions.eTags = list.tags.map((tag) => tag.replace(/^W\//, "")).flatMap(eTagOf);
    } else {
      return "unsayable";
    }
  }
  return conditions;
}

/** Those that we have written ourselves; a device has no others. */
function eTagOf(tag: string): readonly Uint8Array[] {
  return /^"(?:[\da-f]{2}){1,8}"$/.test(tag) ? [Uint8Array.from(Buffer.from(tag.slice(1, -1), "hex"))] : [];
}

type Content = Pick<CoapRequestOptions, "body" | "contentFormat">;

async function contentOf(request: Request, method: CoapMethod, maxBodyBytes: number): Promise<Content | 413 | 415> {
  if (method === "GET" || method === "DELETE" || request.body === null) return {};
  const mediaType = request.headers.get("content-type");
  const contentFormat = mediaType === null ? undefined : contentFormatOfMediaType(mediaType);
  const isCoded = (request.headers.get("content-encoding") ?? "identity") !== "identity";
  if (isCoded || (mediaType !== null && contentFormat === undefined)) return 415;
  const body = await readAtMost(request.body, maxBodyBytes);
  return body === undefined ? 413 : { body, contentFormat };
}

/** What is accepted, where that is one format: CoAP can say no more, and then insists on it. RFC 8075 section 6.3. */
function acceptedBy({ headers }: Request): number | undefined {
  const [first, ...others] = parseWeighted(headers.get("accept") ?? "").filter(({ weight }) => weight > 0);
  if (first === undefined || others.length > 0) return undefined;
  return contentFormatOfMediaType([first.value, ...first.parameters.map(([name, is]) => `${name}=${is}`)].join(";"));
}

function responseOf(reply: CoapReply, request: Request, path: string): Response {
  const { code, payload, contentFormat, eTag, maxAge, location, ok } = reply;
  const status = httpStatusOfCoapCode(code, payload.length > 0);
  const headers = new Headers(neverAPage);
  // Seconds, as in CoAP; what was changed is not kept. RFC 8075 section 8.1.
  const isRead = request.method === "GET" || request.method === "HEAD";
  headers.set("cache-control", isRead && ok ? `max-age=${maxAge}` : "no-store");
  if (eTag !== undefined) headers.set("etag", `"${Buffer.from(eTag).toString("hex")}"`);
  if (location !== undefined) headers.set("location", path + location);
  if (status === 429 || status === 503) headers.set("retry-after", String(maxAge));
  if (status === 304 && !request.headers.has("if-none-match"))
    return problem(502, "the device confirms what nobody has");
  if (status === 204 || status === 304) return new Response(null, { status, headers });
  if (payload.length > 0) headers.set("content-type", mediaTypeOf(contentFormat, ok));
  return new Response(request.method === "HEAD" ? null : payload.slice(), { status, headers });
}

/** RFC 8075 sections 6.2 and 6.6: the reason of an error is text. */
function mediaTypeOf(contentFormat: number | undefined, ok: boolean): string {
  if (contentFormat !== undefined) return mediaTypeOfContentFormat(contentFormat);
  return ok ? "application/octet-stream" : "text/plain;charset=utf-8";
}

/** RFC 9457. */
function problem(status: number, title: string): Response {
  const headers = { ...neverAPage, "content-type": "application/problem+json", "cache-control": "no-store" };
  return new Response(JSON.stringify({ status, title }), { status, headers });
}

const neverAPage = { "x-content-type-options": "nosniff", "content-security-policy": "sandbox; default-src 'none'" };
const methods: ReadonlyMap<string, CoapMethod> = new Map([
  ["GET", "GET"],
  ["HEAD", "GET"],
  ["POST", "POST"],
  ["PUT", "PUT"],
  ["DELETE", "DELETE"],
  ["PATCH", "PATCH"],
]);
const refusals = { 413: "the body is too large", 415: "devices have no format for this media type" } as const;
const unreachable: ReadonlyMap<number, string> = new Map([
  [502, "the device gives no usable answer"],
  [504, "the device does not answer in time"],
]);
