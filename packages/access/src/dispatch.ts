import type { RedirectPolicy } from "@fairlead/http/redirects";
import type { Dispatcher } from "undici";
import type { Agreement } from "./agreement/agreement.ts";
import type { Round } from "./agreement/shared-questions.ts";
import type { Exchange } from "./exchange.ts";
import type { ConnectionHold } from "./pool/connection-hold.ts";
import type { Route } from "./route/route.ts";
import type { Hop } from "./transaction.ts";
import type { Target } from "./target.ts";

/** What happens to a request, in undici's sense: callbacks in order, ended by `onResponseEnd` or `onResponseError`. */
export type DispatchHandler = Dispatcher.DispatchHandler;
/** Pauses, resumes and aborts a response as it comes. */
export type DispatchController = Dispatcher.DispatchController;
/** Response fields by lower-case name; repeated ones as a list. */
export type ResponseFields = Parameters<NonNullable<DispatchHandler["onResponseStart"]>>[2];

/** What undici, or another library that takes a dispatcher, asks for. */
export interface ForeignOptions extends Dispatcher.DispatchOptions {
  /** How redirects are judged that the library may follow; the manager's own policy by default. */
  readonly redirect?: RedirectPolicy;
}

/** One hop on its way through the stages, which own it and may set its fields. */
export interface HopOptions extends Dispatcher.DispatchOptions {
  readonly origin: string;
  readonly servername: string;
  readonly headers: NonNullable<Dispatcher.DispatchOptions["headers"]> | null;
  readonly target: Target;
  readonly hop: Hop;
  readonly exchange: Exchange;
  /** The way to the origin; `undefined` for the direct one. */
  readonly route?: Route;
  /** Whether it may go with the first flight of its connection; false by default. */
  readonly mayBeEarly?: boolean;
  /** `undefined` where nobody was or will be asked. */
  readonly agreement?: Agreement;
  /** The questions in which it takes part, where it began before it was sent. */
  readonly round?: Round;
  /** Keeps the connection for the next request with the same hold. */
  readonly hold?: ConnectionHold;
  /**
   * Who the client is to the server by authentication that is of the connection: a name for user and scheme, which holds no
   * secret. It shares connections with the same alone.
   */
  readonly authenticatedAs?: string;
  /** Whether the protocol that `upgrade` names may be spoken on a stream of HTTP/2, too; false by default. RFC 8441. */
  readonly mayExtendConnect?: boolean;
}

/** Sends one hop; what happens to it is told to the handler, never thrown. */
export type Dispatch = (options: HopOptions, handler: DispatchHandler) => boolean;

/** A step on the way of a request: a function from dispatch to dispatch. */
export type Stage = (next: Dispatch) => Dispatch;
