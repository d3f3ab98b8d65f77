import type { CacheMode } from "@fairlead/http/cache";
import type { RedirectPolicy } from "@fairlead/http/redirects";
import type { FetchTerms } from "./fetch/fetch-terms.ts";
import type { OnAuthenticate } from "./authentication/question.ts";
import type { RequestAuthenticator } from "./authentication/request-authenticator.ts";
import type { RequestWatch } from "./observe/observers.ts";
import type { OnRedirect } from "./options.ts";
import type { EngineBody } from "./request-body.ts";
import type { RetryPolicy } from "@fairlead/http/retries";
import type { Partition } from "./partition.ts";
import type { ChooseRoutes } from "./route/choose-routes.ts";
import type { Timeouts } from "./timeouts.ts";
import type { OpenTransaction } from "./transaction.ts";

/** What a request may wait for before it is sent. */
export type WaitFor = "online";

/** What the application asked for, and what holds for each hop of it. */
export interface Exchange {
  readonly transaction: OpenTransaction;
  readonly signal: AbortSignal | undefined;
  /** Whose memories it uses. */
  readonly partition: Partition;
  /** How the routes of its hops are chosen; `undefined` leaves that to the manager. */
  readonly chooseRoutes: ChooseRoutes | undefined;
  /** How stored responses are used. */
  readonly cache: CacheMode;
  /** Whether cookies are sent and kept. */
  readonly cookies: boolean;
  /** The site on whose behalf the request is made; `undefined` when it is the application's own. */
  readonly siteForCookies: URL | undefined;
  /** Whether a user is being taken to the URL, which `SameSite=Lax` cookies allow from another site. */
  readonly topLevelNavigation: boolean;
  /** Whether requests may go as early data; `undefined` leaves it to the manager. */
  readonly earlyData: boolean | undefined;
  /** Whether the application gave a body, and whether that can be sent again. */
  readonly body: "none" | "replayable" | "used";
  /** Opens a replayable body anew; `undefined` where the engine above does. */
  readonly reopenBody: (() => EngineBody) | undefined;
  /** The manager's, with what the request says for itself. */
  readonly timeouts: Timeouts;
  /** What it waits for before it is sent; nothing by default. */
  readonly waitFor?: WaitFor | undefined;
  /** When the request is made again; `undefined` leaves it to the manager, `null` is never. */
  readonly retry: RetryPolicy | null | undefined;
  /** What fetch asks of each hop; `undefined` for what is no fetch. */
  readonly fetch?: FetchTerms | undefined;
  /** Answers servers and proxies that want to know who the client is; `undefined` when nobody does. */
  readonly onAuthenticate: OnAuthenticate | undefined;
  /** Say by themselves who the client is, the first that covers a hop; empty for most. */
  readonly authenticators: readonly RequestAuthenticator[];
  /** Who watches it; not there for most. */
  watch?: RequestWatch;
  /** How redirects are handled; `undefined` when they are the caller's business altogether. */
  readonly redirect: RedirectHandling | undefined;
}

/** How the redirects of one request are handled. */
export interface RedirectHandling {
  /**
   * Which of them are followed here: all that the policy lets through; none but HSTS's own upgrade; or none. What is left
   * is judged by the policy all the same, and then handed to a caller who follows by itself.
   */
  readonly follows: "all" | "upgrades" | "none";
  readonly policy: RedirectPolicy;
  readonly onRedirect: OnRedirect | undefined;
  /** In lower case. */
  readonly originBoundFields: ReadonlySet<string>;
}
