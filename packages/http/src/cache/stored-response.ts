import type { FieldLines } from "./fields.ts";

/** Who uses a cache: one user, or everybody behind it. RFC 9111 section 1.1. */
export type CacheType = "private" | "shared";

/** The head of a request, as the rules of a cache see it. */
export interface CacheRequest {
  readonly method: string;
  readonly url: URL;
  /** As they were sent. */
  readonly fields: FieldLines;
  /** Whether the user was authenticated otherwise than by `Authorization`: by the connection; false by default. */
  readonly isAuthenticated?: boolean;
}

/** The head of a response that just came, and when. */
export interface CacheResponse {
  readonly status: number;
  readonly fields: FieldLines;
  /** Milliseconds since the epoch when the request was sent. */
  readonly requestTime: number;
  /** Milliseconds since the epoch when the head arrived. */
  readonly responseTime: number;
}

/** What a cache keeps of a response beside its content. */
export interface StoredResponse extends CacheResponse {
  /** The request's fields that `Vary` names, as they were; `undefined` for one that was absent. */
  readonly selectingFields: Readonly<Record<string, string | undefined>>;
}
