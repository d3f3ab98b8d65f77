/** One request of the application, as the list shows it: plain data, small, sent again whenever it changes. */
export interface ListedTransaction {
  /** Counts within an inspection, from 1. */
  readonly id: number;
  readonly method: string;
  /** Without user information and fragment; secrets of its query are left out. */
  readonly url: string;
  /** Of the last hop: where redirects, or HSTS, led to. */
  readonly lastUrl: string;
  readonly state: "under-way" | "done" | "failed";
  /** Of the last response; `undefined` until one began. */
  readonly status: number | undefined;
  /** The media type of the last response, without parameters; empty where it names none. */
  readonly mediaType: string;
  /** The code, or the name, of what it failed with. */
  readonly error: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds, until now where it is under way. */
  readonly durationMilliseconds: number;
  /** Body bytes that came over the wire, in all hops. */
  readonly receivedBytes: number;
  readonly sentBytes: number;
  /** Of the last hop; it tells `network`, `cache`, `hsts`, `scheme` apart. */
  readonly reason: string;
  readonly hopCount: number;
  /** `HTTP/2`, `HTTP/1.1`; empty where nobody was asked. */
  readonly protocol: string;
  /** Asked for by the console itself, which can give it up. */
  readonly isOwn: boolean;
  /** How safe the last hop was: `insecure` is plain text; `excepted` let in a certificate that verification refuses. */
  readonly security: "verified" | "excepted" | "insecure" | "none";
}

/** All about one request: asked for when somebody looks at it. */
export interface TransactionDetails extends ListedTransaction {
  readonly hops: readonly HopDetails[];
  /** What to do about the error. */
  readonly remedy: string | undefined;
  /** The whole sentence of the error. */
  readonly errorMessage: string | undefined;
}

/** A field of a message: names as they came, values as text, secrets as `REDACTED`. */
export type ShownField = readonly [name: string, value: string];

/** One hop. */
export interface HopDetails {
  readonly method: string;
  readonly url: string;
  readonly reason: string;
  readonly status: number | undefined;
  readonly statusText: string;
  readonly location: string | undefined;
  readonly requestFields: readonly ShownField[];
  readonly responseFields: readonly ShownField[];
  readonly requestBody: BodyFacts | undefined;
  readonly responseBody: BodyFacts | undefined;
  readonly startedAt: number;
  /** Milliseconds; absent where the phase did not take place. */
  readonly timing: Readonly<
    Partial<Record<"blocked" | "resolve" | "connect" | "secure" | "send" | "response" | "body" | "total", number>>
  >;
  readonly receivedBytes: number;
  readonly decodedBytes: number | undefined;
  readonly sentBytes: number;
  readonly reused: boolean;
  readonly remoteAddress: string | undefined;
  readonly connectionId: number | undefined;
  readonly protocol: string;
  /** Proxies on the way, without credentials. */
  readonly route: readonly string[];
  readonly repeats: readonly string[];
  readonly cache: { readonly use: string; readonly ageSeconds: number } | undefined;
  readonly hsts: string | undefined;
  readonly error: string | undefined;
  /** What verification found; empty where all is well. */
  readonly problems: readonly ShownProblem[];
  /** What was refused, leaf first, PEM; empty where nothing was, and where nobody tells. */
  readonly refusedChain: readonly string[];
  /** What was stapled for it; `undefined` where nobody tells. */
  readonly refusedStaple: ShownStaple | undefined;
  readonly tls: HopTls | undefined;
}

/** A body that may be asked for: `api/transactions/ID/hops/INDEX/response-body`, its content codings undone. */
export interface BodyFacts {
  /** Bytes, as they went over the wire; `undefined` where they are not kept: too many, or given up by age. */
  readonly keptBytes: number | undefined;
  readonly mediaType: string;
}

/** What TLS gave, and the chain that the server sent. */
export interface HopTls {
  readonly backend: string;
  readonly library: string;
  readonly protocol: string | undefined;
  readonly cipher: string | undefined;
  readonly group: string | undefined;
  readonly alpn: string | undefined;
  readonly resumed: boolean;
  readonly earlyData: string;
  readonly authorized: boolean;
  readonly trust: string;
  readonly repairedFrom: string | undefined;
  readonly serverName: string | undefined;
  readonly clientIdentity: string | undefined;
  /** What was made of the stapled OCSP response; `undefined` where nobody looked at one. */
  readonly staple: ShownStaple | undefined;
  /** Leaf first, PEM; described by `api/certificates` where the viewer needs more. */
  readonly chain: readonly string[];
}

/** What a stapled OCSP response says of the server's certificate, as verification judged it. Times are ISO 8601. */
export type ShownStaple =
  | { readonly type: "none" }
  | { readonly type: "good"; readonly thisUpdate: string; readonly nextUpdate: string }
  /** What is `undefined` is not told. The reason is a word of RFC 5280 section 5.3.1. */
  | { readonly type: "revoked"; readonly revokedAt: string | undefined; readonly reason: string | undefined }
  | { readonly type: "unknown" }
  | { readonly type: "unusable" };

/** Something wrong with a certificate. */
export interface ShownProblem {
  readonly code: string;
  /** 0 for the leaf. */
  readonly index: number;
  /** What is particular to this occurrence; may quote the certificate, escaped. */
  readonly detail: string | undefined;
  readonly message: string;
  readonly remedy: string;
}
