import type { ConnectionFacts, Hop, Transaction } from "../transaction.ts";

/**
 * Watches what a manager does; see `manager.observe`. It is told of everything as it happens, in order, and sees what
 * is sent and received with all secrets in it. What it throws is a warning of the process, and nothing to the request.
 */
export interface Observer {
  /**
   * The application asks for something. Called within its own call, so that its `AsyncLocalStorage` tells who it is.
   *
   * @returns what watches this request; `undefined` where it is of no interest.
   */
  requestStarted?(request: ObservedRequest): RequestObserver | undefined;
  connectionOpened?(connection: ConnectionFacts, origin: string): void;
  /** None was opened for this reason. */
  connectionFailed?(error: unknown, origin: string): void;
  connectionClosed?(connection: ConnectionFacts, origin: string): void;
}

/** What an application asks for. */
export interface ObservedRequest {
  readonly method: string;
  /** Without user information and fragment. */
  readonly url: string;
  /** Its hops are there as they are made. */
  readonly transaction: Transaction;
}

/** Watches one request, from the application's call to the last byte. */
export interface RequestObserver {
  /** May set `hop.messages`, to have kept what is sent and received. */
  hopStarted?(hop: Hop): void;
  /** `hop.error` tells whether it failed. */
  hopEnded?(hop: Hop): void;
  /** A hop goes to a server: the first time, or once more. What memory answers never does. */
  attemptStarted?(attempt: Attempt): AttemptObserver | undefined;
  /** All is over. @param error what the application is told, or was told of the body; `undefined` for none. */
  ended?(error: Error | undefined): void;
}

/** One time that a hop is sent. */
export interface Attempt {
  readonly hop: Hop;
  /** Among all of the request, those of earlier hops too: from 0. */
  readonly number: number;
  /** The value of a field that it is sent with; `undefined` for none. */
  field(lowerCaseName: string): string | undefined;
}

/** Watches one attempt. */
export interface AttemptObserver {
  /** Sent with it, unless there is a field of that name. */
  readonly fields?: readonly (readonly [name: string, value: string])[];
  /** @param status of the final response; `undefined` for none. @param error for what was not all there. */
  ended?(status: number | undefined, error: Error | undefined): void;
}
