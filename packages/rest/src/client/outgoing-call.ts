import type { Reply, RequestOptions } from "@fairlead/access";
import { readDeprecation } from "@fairlead/http/deprecation";
import { isSecretName, redactUrls } from "@fairlead/http/redaction";
import { authenticationOf, managerOf, type Authentication, type ClientTerms } from "./client-terms.ts";
import { fieldRecord } from "./field-record.ts";
import type { CallOptions } from "./options.ts";
import { resolveAddress, withQuery, type Address } from "./protocol/address.ts";
import { requestContent, type RequestContent } from "./request-content.ts";

/** Those that proxies on the way are known to meddle with go over TLS alone, as browsers have it. */
const PLAIN_CODINGS = "gzip, deflate";
const SECURE_CODINGS = "gzip, deflate, br, zstd";

/** Milliseconds that a call may take where nobody says. */
const TIMEOUT_MILLISECONDS = 60_000;

/** What a call says of itself where the application says nothing: some services refuse who does not. RFC 9110 section 10.1.5. */
const USER_AGENT = "fairlead";

/** What a call is sent as, beside what is known before. */
export interface Sending {
  /** What `Accept` says where nobody else does; `undefined` for nothing. */
  readonly accept: string | undefined;
  /** Whether it may go on for as long as it likes, once it has begun. */
  readonly isStreamed: boolean;
}

/** One call that can be sent. */
export class OutgoingCall {
  readonly method: string;
  readonly options: CallOptions;
  readonly address: Address;
  readonly #terms: ClientTerms;
  readonly #content: RequestContent | undefined;

  /** @throws UsageError for an address or an option that cannot be. */
  constructor(terms: ClientTerms, method: string, address: string | URL, options: CallOptions) {
    this.method = method;
    this.options = options;
    this.#terms = terms;
    const resolved = resolveAddress(terms.base, address, options.params);
    this.address =
      options.query === undefined ? resolved : { ...resolved, url: withQuery(resolved.url, options.query) };
    this.#content = requestContent(options);
  }

  async send(sending: Sending): Promise<Reply> {
    const manager = managerOf(this.#terms);
    const request = this.#request(sending);
    const { pace, onDeprecation } = this.#terms.options;
    if (pace !== undefined) await pace.turn(this.address.origin, this.options.signal);
    const reply = await ("then" in manager ? await manager : manager).request(this.address.url, request);
    if (pace !== undefined || onDeprecation !== undefined) this.#learn(reply);
    return reply;
  }

  /** What an answer says of the service, whatever was asked of it. */
  #learn({ status, headers }: Reply): void {
    const { pace, onDeprecation } = this.#terms.options;
    const field = (name: string): string | undefined => headers[name]?.toString();
    pace?.learn(this.address.origin, status, field);
    const notice = onDeprecation && readDeprecation(field, Date.now());
    if (notice !== undefined) onDeprecation?.(notice, redactUrls(this.address.url));
  }

  #request({ accept, isStreamed }: Sending): RequestOptions {
    const { method, options } = this;
    const { base, options: common, fieldNames } = this.#terms;
    const isOwn = base === undefined || this.address.origin === base.origin;
    const { timeout = common.timeout, retry = common.retry ?? {}, idempotencyKey } = options;
    const request: { -readonly [Name in keyof RequestOptions]: RequestOptions[Name] } = {
      method,
      headers: this.#fields(isOwn, accept, isStreamed),
      // What makes its repetition harmless is the key.
      retry: idempotencyKey === undefined || retry === false ? retry : { ...retry, methods: [method] },
    };
    if (timeout === Number.POSITIVE_INFINITY) request.timeouts = { total: timeout };
    else if (timeout !== undefined || !isStreamed) request.timeoutMilliseconds = timeout ?? TIMEOUT_MILLISECONDS;
    else request.timeouts = { response: TIMEOUT_MILLISECONDS };
    Object.assign(request, this.#authentication(isOwn));
    const { signal, cache = common.cache, cookies = common.cookies } = options;
    const { partition = common.partition, redirect = common.redirect } = options;
    if (this.#content !== undefined) request.body = this.#content.body;
    if (signal !== undefined) request.signal = signal;
    if (cache !== undefined) request.cache = cache;
    if (cookies !== undefined) request.cookies = cookies;
    if (partition !== undefined) request.partition = partition;
    if (redirect !== undefined) request.redirect = redirect;
    const { contentLimitBytes = common.contentLimitBytes } = options;
    if (contentLimitBytes !== undefined) request.bodyLimitBytes = contentLimitBytes;
    const bound = options.headers === undefined ? [] : Object.keys(fieldRecord(options.headers)).filter(isSecretName);
    if (isOwn && fieldNames.length > 0) bound.push(...fieldNames);
    // Who is led elsewhere asks for something else there, and a key is this service's to know.
    if (idempotencyKey !== undefined) bound.push("idempotency-key");
    if (bound.length > 0) request.originBoundFields = bound;
    return request;
  }

  /** A call's own is good for where it goes, the client's for its base. */
  #authentication(isOwn: boolean): Authentication {
    const { authenticate } = this.options;
    if (authenticate !== undefined) return authenticationOf(authenticate, this.address.origin);
    return isOwn ? this.#terms.authentication : {};
  }

  #fields(isOwn: boolean, accept: string | undefined, isStreamed: boolean): Record<string, string | readonly string[]> {
    const { options } = this;
    const fields: Record<string, string | readonly string[]> = isOwn ? { ...this.#terms.fields } : {};
    if (options.headers !== undefined) Object.assign(fields, fieldRecord(options.headers));
    if (options.accept !== undefined) fields["accept"] = options.accept;
    else if (accept !== undefined) fields["accept"] ??= accept;
    fields["user-agent"] ??= USER_AGENT;
    // A coding holds back what is to be had as it comes, hides the length that progress is told of, and is of the whole.
    const isWhole = !isStreamed && options.onDownloadProgress === undefined && fields["range"] === undefined;
    if (isWhole) fields["accept-encoding"] ??= this.address.url.startsWith("https:") ? SECURE_CODINGS : PLAIN_CODINGS;
    const { contentType, length } = this.#content ?? {};
    if (contentType !== undefined) fields["content-type"] ??= contentType;
    if (length !== undefined) fields["content-length"] ??= String(length);
    const { idempotencyKey } = options;
    if (idempotencyKey !== undefined) {
      fields["idempotency-key"] = idempotencyKey === true ? `"${crypto.randomUUID()}"` : idempotencyKey;
    }
    return fields;
  }
}
