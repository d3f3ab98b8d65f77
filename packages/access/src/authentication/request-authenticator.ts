import type { FlatFields } from "../request-fields.ts";

/**
 * Says who the client is on each request by itself, without being asked first: the tokens of OAuth 2, with a proof of
 * possession where they need one, the signatures of OAuth 1, a token that an application has.
 *
 * It is asked for each hop, so that nothing of it follows a redirect to where it does not speak for anybody, and an
 * `Authorization` field of the application's own takes its place.
 */
export interface RequestAuthenticator {
  /**
   * Who it speaks as: responses of one are never used for another. Holds no secret; transactions tell it. May change, as when
   * somebody else signs in.
   */
  readonly identity: string;
  /**
   * Whether what it sends is good for nothing to those who read it on the way, as signatures are and tokens are not; false by
   * default. Only such goes over http beyond loopback, or to a server whose certificate is let in by exception.
   */
  readonly mayBeOverheard?: boolean;
  /**
   * Whether it says who the client is to where a request goes. Nothing else of it is called for what it does not cover. Must
   * not throw.
   */
  covers(url: URL): boolean;
  /**
   * The fields that go with a request, `authorization` among them; `undefined` for nobody. A rejection ends the request with
   * that error.
   */
  authenticate(request: AuthenticatedRequest): FlatFields | undefined | Promise<FlatFields | undefined>;
  /**
   * Told of a refusal, 401 or any other 4xx, to what it has sent. `true` has the request sent once more, after
   * {@link authenticate} was asked anew; a request is repeated twice at the most.
   */
  refused?(request: AuthenticatedRequest, refusal: Refusal): boolean | Promise<boolean>;
  /** Told the fields of each response to what it has sent, before anybody else. Must not throw. */
  answered?(request: AuthenticatedRequest, answer: Pick<Refusal, "status" | "fields">): void;
}

/** One request that may have to say who the client is. */
export interface AuthenticatedRequest {
  readonly method: string;
  /** Where it goes, without fragment. */
  readonly url: URL;
  /** The fields that it has already, by any case. */
  readonly fields: FlatFields;
  /** Its content, where that is text or bytes. */
  readonly content: string | Uint8Array | undefined;
  /** The top-level site on whose behalf it is made; empty for the application's own. */
  readonly partition: string;
  /** Fires when the request is given up. */
  readonly signal: AbortSignal | undefined;
}

/** A response that says that the client is not known well enough. */
export interface Refusal {
  readonly status: number;
  /** By lower-case name. */
  readonly fields: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What {@link RequestAuthenticator.authenticate} gave for it. */
  readonly sent: FlatFields;
  /** How often the request was refused before. */
  readonly refusedBefore: number;
}
