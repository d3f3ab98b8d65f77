import type { Duplex } from "node:stream";

/** One request for a URL of a scheme that is not HTTP. */
export interface SchemeRequest {
  readonly url: URL;
  /** In upper case. */
  readonly method: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` for none. Whoever does not read it to its end destroys it. */
  readonly body: AsyncIterable<Uint8Array> | undefined;
  /** The top-level site on whose behalf it is made; empty for the application's own requests. */
  readonly partition: string;
  /**
   * Whom `authenticate` asks; `undefined` for nobody. What was proved by one is of no use to requests that have another, so
   * a connection that is kept belongs to it.
   */
  readonly asker: object | undefined;
  /** Fires when nobody waits for the response any more, or its deadline has passed. */
  readonly signal: AbortSignal;
  /** How long a connection may take, in milliseconds. */
  readonly connectMilliseconds: number;
  /** Opens a byte stream by the routes of the manager: its proxies, its DNS cache, its race of addresses. */
  readonly openStream: (host: string, port: number) => Promise<Duplex>;
  /**
   * Asks the application who the client is, by its `onAuthenticate`, or tells what that answered before; `undefined` when it
   * has no answer, or nobody is to be asked. What was answered last is remembered when the request has a response.
   */
  readonly authenticate: (question: SchemeCredentialsQuestion) => Promise<SchemeCredentials | undefined>;
}

/** A server that wants to know who the client is. */
export interface SchemeCredentialsQuestion {
  /** `sftp://host:port`: the answer is for it alone. */
  readonly origin: string;
  /** What the scheme calls the way: `password`, `keyboard-interactive`. */
  readonly scheme: string;
  /** What the server says about what it wants; empty for nothing. */
  readonly realm: string;
  /** The user name that is fixed already, as by the URL; `undefined` when the application gives it. */
  readonly username: string | undefined;
  /** How often this request was answered in vain: what was answered before is not given again. */
  readonly round: number;
  /** Whether what is answered can be read on the way; false by default. */
  readonly isPlain?: boolean;
}

/** Who the client is. */
export interface SchemeCredentials {
  readonly username: string;
  readonly password: string;
}

/** What a handler answers with. */
export interface SchemeResponse {
  /** A status of HTTP, 200 to 599. */
  readonly status: number;
  /** What `fetch` tells beside it; empty by default. */
  readonly statusText?: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Read once, or destroyed. */
  readonly body: AsyncIterable<Uint8Array> | Uint8Array | undefined;
}

/** Answers requests for URLs of one scheme, for a manager that it is registered with. */
export interface SchemeHandler {
  /** Without the colon, in lower case: `sftp`. */
  readonly scheme: string;
  /** A rejection is what the request fails with; one without a code is named by the manager. */
  handle(request: SchemeRequest): Promise<SchemeResponse>;
  /** Lets go of what is held, connections for one. Called once, when the manager closes and nothing is under way. */
  close(): Promise<void>;
}
