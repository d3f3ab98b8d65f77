/**
 * HTTP Archive 1.2, as far as it is written here. What begins with an underscore is ours, and readers pass over it.
 *
 * @see http://www.softwareishard.com/blog/har-12-spec/
 */
export interface Har {
  readonly log: HarLog;
}

/** All that was recorded. */
export interface HarLog {
  readonly version: "1.2";
  readonly creator: HarCreator;
  /** None: pages are a browser's. */
  readonly pages: readonly [];
  /** The oldest first. */
  readonly entries: readonly HarEntry[];
  readonly comment?: string;
}

/** What made the recording. */
export interface HarCreator {
  readonly name: string;
  readonly version: string;
}

/** One hop. */
export interface HarEntry {
  /** ISO 8601. */
  readonly startedDateTime: string;
  /** Milliseconds: the sum of all timings, `ssl` apart, which is within `connect`. */
  readonly time: number;
  readonly request: HarRequest;
  readonly response: HarResponse;
  /** What a cache did is in `_cache`. */
  readonly cache: Readonly<Record<string, never>>;
  readonly timings: HarTimings;
  readonly serverIPAddress?: string;
  /** Counts within a manager. */
  readonly connection?: string;
  /** `hsts`: nobody was asked. `cache`: a stored response was used. `redirect`: it was followed. */
  readonly _reason: string;
  /** How a stored response was used; `undefined` where none was. */
  readonly _cache?: object | undefined;
  /** The proxies on the way, without credentials. */
  readonly _route?: readonly string[] | undefined;
  /** Why it was sent again, in order. */
  readonly _repeats?: readonly string[] | undefined;
  readonly _retries?: readonly object[] | undefined;
  /** How it was tried to say who the client is. */
  readonly _authentication?: readonly object[] | undefined;
  readonly _earlyData?: string | undefined;
  readonly _tls?: object | undefined;
}

/** A name and its value. */
export interface HarPair {
  readonly name: string;
  readonly value: string;
}

/** What was asked. */
export interface HarRequest {
  readonly method: string;
  readonly url: string;
  readonly httpVersion: string;
  readonly cookies: readonly HarCookie[];
  /** As they were sent. */
  readonly headers: readonly HarPair[];
  readonly queryString: readonly HarPair[];
  /** Where bodies were kept. */
  readonly postData?: HarPostData | undefined;
  /** Octets, the empty line included; -1 where that is not known, as of HTTP/2. */
  readonly headersSize: number;
  readonly bodySize: number;
}

/** A request's body. */
export interface HarPostData {
  readonly mimeType: string;
  readonly params: readonly [];
  /** What is no text is in Base64, and `_encoding` says so. */
  readonly text: string;
  readonly _encoding?: "base64" | undefined;
}

/** What was answered; status 0 where nothing was. */
export interface HarResponse {
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: string;
  readonly cookies: readonly HarCookie[];
  readonly headers: readonly HarPair[];
  readonly content: HarContent;
  /** Empty for none. */
  readonly redirectURL: string;
  readonly headersSize: number;
  /** Over the wire: 0 from a cache; -1 where there was no response. */
  readonly bodySize: number;
  /** The code, or the name, of the error that it failed with. */
  readonly _error?: string | undefined;
}

/** A cookie as it was sent, or set. */
export interface HarCookie extends HarPair {
  readonly path?: string;
  readonly domain?: string;
  /** ISO 8601. */
  readonly expires?: string;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
}

/** A response's body. */
export interface HarContent {
  /** Its codings undone; -1 where that is not known. */
  readonly size: number;
  /** What a content coding has saved. */
  readonly compression?: number | undefined;
  readonly mimeType: string;
  readonly text?: string | undefined;
  readonly encoding?: "base64" | undefined;
}

/** Milliseconds; -1 where it does not apply. */
export interface HarTimings {
  readonly blocked: number;
  readonly dns: number;
  /** TLS included. */
  readonly connect: number;
  readonly ssl: number;
  readonly send: number;
  readonly wait: number;
  readonly receive: number;
}
