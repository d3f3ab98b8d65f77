import type { AuthenticationScheme, Challenge } from "@fairlead/http/authentication";

/** A server or proxy that wants to know who the client is. */
export interface AuthenticationQuestion {
  /** `origin` for a 401, `proxy` for a 407. */
  readonly role: "origin" | "proxy";
  /** Of who asks: the server's or the proxy's. What is answered goes nowhere else. */
  readonly origin: string;
  /** What it calls the space that the answer is for; empty where it has no name. It chose the words itself. */
  readonly realm: string;
  /**
   * The strongest scheme that it takes and that may be used. Of what is no HTTP, what that calls the way: `password`,
   * `keyboard-interactive`.
   */
  readonly scheme: AuthenticationScheme | (string & {});
  /** All challenges that may be answered, the strongest first: with `scope`, `error` and whatever else a scheme adds. */
  readonly challenges: readonly Challenge[];
  /** Whether what is sent to it can be read on the way. */
  readonly isPlain: boolean;
  /** The site on whose behalf; empty for the application's own. */
  readonly partition: string;
  /** Who it has to be, where that is settled already; `undefined` where the answer says. */
  readonly username?: string | undefined;
  /** What was requested. */
  readonly url: string;
  /** What was answered to this before and was refused, the latest last. */
  readonly tried: readonly TriedCredentials[];
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** An answer that was not good enough. */
export interface TriedCredentials {
  readonly type: "password" | "token" | "system";
  /** Of a password. */
  readonly username: string | undefined;
  /** What it was tried with. */
  readonly scheme: AuthenticationScheme | (string & {});
  /** Why it could not even be tried, such as a missing Kerberos ticket; `undefined` where the peer refused it. */
  readonly error: Error | undefined;
}

/**
 * For how long an answer is good: for the requests that wait; for as long as the manager lives; or over restarts, in the
 * store, where only the manager's own callback may ask for that.
 */
export type CredentialLifetime = "once" | "memory" | "store";

/** Who the client is to one server or proxy. */
export type AuthenticationAnswer =
  /** For Basic and Digest, NTLM and Negotiate. */
  | {
      readonly type: "password";
      readonly username: string;
      readonly password: string;
      /** `memory` by default. */
      readonly remember?: CredentialLifetime;
    }
  /** For Bearer. */
  | { readonly type: "token"; readonly token: string; readonly remember?: CredentialLifetime }
  /** Whoever the user of this process is signed in to the system as, by a Kerberos ticket. For Negotiate. */
  | { readonly type: "system"; readonly remember?: CredentialLifetime }
  /** Nobody: the 401 or 407 is the response. An answer that is `undefined` says the same. */
  | { readonly type: "none" };

/**
 * Answers a server or proxy that wants to know who the client is. Asked once for all requests to a realm that wait; others
 * do not. A rejection ends those that wait with that error.
 *
 * Answers belong to the function that gave them: requests share what is remembered only where they have the same one.
 */
export type OnAuthenticate = (
  question: AuthenticationQuestion,
) => AuthenticationAnswer | undefined | Promise<AuthenticationAnswer | undefined>;
