import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connection } from "../connection-log.ts";
import type { EarlyDataTerms } from "../early-data-terms.ts";
import type { RecordedRequest } from "../request-log.ts";
import type { NameMemory } from "../services/names/name-memory.ts";
import type { Attempts } from "./attempts.ts";
import type { AuthenticationMemory } from "./authentication/authentication-memory.ts";
import type { KerberosOptions } from "./authentication/kerberos-options.ts";
import { BadRequest } from "./bad-request.ts";
import type { CaptivePortalTerms } from "./captive-portal-terms.ts";
import { RawReply } from "./raw-reply.ts";

/** What an endpoint may know of the network around it. */
export interface Surroundings {
  /** Where the network is. */
  readonly host: string;
  /** Port of a service, such as the plain and the secure one for redirects between them. */
  readonly port: (service: string) => number;
  readonly earlyData: EarlyDataTerms;
  readonly captivePortal: CaptivePortalTerms;
  readonly names: NameMemory;
  readonly authentication: AuthenticationMemory;
  readonly attempts: Attempts;
  /** The key for logins by Kerberos; `undefined` where the network was given none. */
  readonly kerberos: KerberosOptions | undefined;
}

/** Names and values; a list makes one field of each member. */
export type HeaderFields = Readonly<Record<string, string | number | readonly string[]>>;

/** The longest pause that a query may ask for, in milliseconds. */
const longestPauseMilliseconds = 600_000;

/** One request, whose body has been read, and the means to answer it. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The effective URL (RFC 9110 section 7.1): scheme of the service, `Host` of the request. */
  readonly url: URL;
  /** What went into the request log. */
  readonly recorded: RecordedRequest;
  /** The request's body, up to the limit of what is kept. */
  readonly body: Uint8Array;
  /** What came behind a request to upgrade; `undefined` for every other request. */
  readonly head: Uint8Array | undefined;
  readonly connection: Connection;
  readonly surroundings: Surroundings;
  /** The network's time, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Fires when the client is gone or the network closes. */
  readonly signal: AbortSignal;
  readonly #pathParameters: ReadonlyMap<string, string>;
  #taken = false;

  constructor(parts: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly url: URL;
    readonly pathParameters: ReadonlyMap<string, string>;
    readonly recorded: RecordedRequest;
    readonly body: Uint8Array;
    readonly head: Uint8Array | undefined;
    readonly connection: Connection;
    readonly surroundings: Surroundings;
    readonly now: () => number;
  }) {
    this.request = parts.request;
    this.response = parts.response;
    this.url = parts.url;
    this.recorded = parts.recorded;
    this.body = parts.body;
    this.head = parts.head;
    this.connection = parts.connection;
    this.surroundings = parts.surroundings;
    this.now = parts.now;
    this.#pathParameters = parts.pathParameters;
    const gone = new AbortController();
    this.signal = gone.signal;
    parts.response.once("close", () => {
      gone.abort();
    });
  }

  /** All values of a query parameter, in order. */
  texts(name: string): readonly string[] {
    return this.url.searchParams.getAll(name);
  }

  /**
   * The value of a path or query parameter.
   *
   * @throws BadRequest when it is missing and there is no `otherwise`.
   */
  text(name: string, otherwise?: string): string {
    const value = this.#pathParameter(name) ?? this.url.searchParams.get(name) ?? otherwise;
    if (value === undefined) throw new BadRequest(`the parameter "${name}" is missing`);
    return value;
  }

  /**
   * A path or query parameter that is a whole number within bounds, both inclusive.
   *
   * @throws BadRequest when it is not.
   */
  integer(name: string, bounds: { readonly min: number; readonly max: number; readonly otherwise?: number }): number {
    const value = this.text(name, bounds.otherwise?.toString());
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= bounds.min && number <= bounds.max) return number;
    const range = `from ${bounds.min} to ${bounds.max}`;
    throw new BadRequest(`the parameter "${name}" must be a whole number ${range}`);
  }

  /** A parameter in milliseconds, at most ten minutes. */
  milliseconds(name: string, otherwise?: number): number {
    const bounds = { min: 0, max: longestPauseMilliseconds };
    return this.integer(name, otherwise === undefined ? bounds : { ...bounds, otherwise });
  }

  /** Answers at once with a whole body and its length. */
  send(status: number, headers: HeaderFields, body: string | Uint8Array = ""): void {
    const bytes = Buffer.from(body);
    // RFC 9110 section 8.6: no Content-Length with 1xx and 204, and with 304 that of what is not sent.
    if (status !== 204 && status !== 304) this.response.setHeader("content-length", bytes.length);
    for (const [name, value] of Object.entries(headers)) this.response.setHeader(name, value);
    this.response.writeHead(status);
    this.response.end(status === 204 || status === 304 ? undefined : bytes);
  }

  /** Answers with one line of text. */
  sendLine(status: number, line: string, headers: HeaderFields = {}): void {
    this.send(status, { "content-type": "text/plain; charset=utf-8", ...headers }, `${line}\n`);
  }

  sendJson(value: unknown, headers: HeaderFields = {}): void {
    this.send(200, { "content-type": "application/json", ...headers }, `${JSON.stringify(value, null, 2)}\n`);
  }

  /**
   * Takes the connection away from `node:http`, to reply in bytes. The reply ends the connection.
   *
   * @throws BadRequest over HTTP/2.
   */
  takeConnection(): RawReply {
    if (this.request.httpVersionMajor !== 1) throw new BadRequest("this reply is written by hand, in HTTP/1.1");
    this.#taken = true;
    return new RawReply(this.request.socket, this.connection.tcp);
  }

  /** Whether {@link takeConnection} was called. */
  get taken(): boolean {
    return this.#taken;
  }

  /** Waits. Rejects when the client goes away meanwhile, which ends the exchange quietly. */
  async pause(durationMilliseconds: number): Promise<void> {
    await pause(durationMilliseconds, undefined, { signal: this.signal });
  }

  /** Waits until the client has taken what was written. Rejects when it goes away instead. */
  async drained(): Promise<void> {
    await once(this.response, "drain", { signal: this.signal });
  }

  #pathParameter(name: string): string | undefined {
    const value = this.#pathParameters.get(name);
    if (value === undefined) return undefined;
    try {
      return decodeURIComponent(value);
    } catch {
      throw new BadRequest(`the parameter "${name}" is not percent-encoded UTF-8`);
    }
  }
}
