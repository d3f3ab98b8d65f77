import type {
  NetworkAccessManager,
  OnAuthenticate,
  RequestAuthenticator,
  RequestBody,
  RequestFieldsInput,
  RequestOptions,
  RetryOption,
} from "@fairlead/access";
import type { DeprecationNotice } from "@fairlead/http/deprecation";
import type { TemplateScalar, TemplateValues } from "@fairlead/http/uri-template";
import type { Pace } from "../patterns/pace-contract.ts";

/** What all calls of a client have in common, said once. */
export interface RestClientOptions extends Pick<RequestOptions, "cache" | "cookies" | "partition" | "redirect"> {
  /**
   * What relative addresses are below; a path without a slash at its end gets one. An address that begins with a slash is
   * from the root of the origin.
   */
  readonly base?: string | URL;
  /**
   * Sent with each call, and only to the origin of `base` where there is one, redirects included; a call's own take their
   * place.
   */
  readonly headers?: RequestFieldsInput;
  /** What asks; the process's default manager by default, which keeps its memory to itself. */
  readonly manager?: NetworkAccessManager;
  /** Says who the client is: a token, OAuth, or an answer to whoever asks. Only to the origin of `base`. */
  readonly authenticate?: RequestAuthenticator | OnAuthenticate;
  /**
   * Milliseconds that one call may take in all, its retries and its content included; `Infinity` for no limit. By default
   * 60,000, which what is streamed (`stream`, `events`, `items`) has to begin, and then as long as it likes.
   */
  readonly timeout?: number;
  /** When a call is made again that failed; `{}`, the defaults of `RetryPolicy`, by default, `false` for never. */
  readonly retry?: RetryOption;
  /** Octets that content read whole may have; the manager's `bodyLimitBytes` by default. */
  readonly contentLimitBytes?: number;
  /** Has calls wait before the service would refuse them: see `pace`. */
  readonly pace?: Pace;
  /**
   * Told of each answer that says that what was asked for will be no more (RFC 9745, RFC 8594), with its address without
   * secrets. What it throws is what the call fails with.
   */
  readonly onDeprecation?: (notice: DeprecationNotice, url: string) => void;
}

/** What one call says for itself. At most one of `json`, `form`, `multipart` and `body`. */
export interface CallOptions extends Omit<RestClientOptions, "base" | "manager" | "pace" | "onDeprecation"> {
  /** Values of the address's template. RFC 6570. */
  readonly params?: TemplateValues;
  /** Added to the address's query; members that are `undefined` are left out, lists repeat their name. */
  readonly query?: QueryInput;
  /** Anything that has a form in JSON. */
  readonly json?: unknown;
  readonly form?: URLSearchParams | QueryInput;
  readonly multipart?: FormData;
  readonly body?: RequestBody;
  /** The media types that are wanted, as `Accept` says it; by default what the method of reading needs. */
  readonly accept?: string;
  /**
   * Lets the service tell a repeated call from a second one, so that a method such as POST is made again as others are:
   * sent as `Idempotency-Key`; `true` takes a random one.
   */
  readonly idempotencyKey?: string | true;
  readonly signal?: AbortSignal;
  /** Told as octets of the request's content go out. */
  readonly onUploadProgress?: (progress: Progress) => void;
  /** Told as octets of the response's content come in. */
  readonly onDownloadProgress?: (progress: Progress) => void;
}

/** How far content has come, in octets. */
export interface Progress {
  readonly transferred: number;
  /** `undefined` where nobody has said. */
  readonly total: number | undefined;
}

/** Names and values of a query or a form. */
export type QueryInput = Readonly<Record<string, TemplateScalar | readonly TemplateScalar[]>>;
