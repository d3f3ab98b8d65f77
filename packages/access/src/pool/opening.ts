import type { HopOptions } from "../dispatch.ts";
import type { ConnectRequest } from "./connect-request.ts";

/** What is the same for all connections of a pool. */
export type OpeningFacts = Required<
  Pick<ConnectRequest, "target" | "route" | "unverified" | "partition" | "terms" | "protocols">
>;

/** A request that a connection may be opened for. */
export interface Initiator<Request extends Initiator<Request>> {
  readonly options: HopOptions;
  /** The connection that is being opened for it. */
  opening: Opening<Request> | undefined;
}

/** A connection that is being opened, and the request that it is opened for. */
export class Opening<Request extends Initiator<Request>> {
  /** Whether what is written first may go with the first flight; decided by whom it was begun for. */
  readonly mayBeEarly: boolean;
  readonly #abandoning = new AbortController();
  #initiator: Request | undefined;

  constructor(initiator: Request) {
    this.mayBeEarly = initiator.options.mayBeEarly ?? false;
    this.#initiator = initiator;
    initiator.opening = this;
  }

  /** Who waits for it; `undefined` when that one was served elsewhere, and the connection is for whoever comes. */
  get initiator(): Request | undefined {
    return this.#initiator;
  }

  get isAbandoned(): boolean {
    return this.#abandoning.signal.aborted;
  }

  /** Whether a request can take the place of the one that it was begun for: what is asked meanwhile is asked on its behalf. */
  suits(exchange: Request): boolean {
    return !this.mayBeEarly || exchange.options.mayBeEarly === true;
  }

  assign(initiator: Request): void {
    this.#initiator = initiator;
    initiator.opening = this;
  }

  /** Nobody in particular waits for it any more. */
  orphan(): void {
    if (this.#initiator !== undefined) this.#initiator.opening = undefined;
    this.#initiator = undefined;
  }

  abandon(reason: unknown): void {
    this.orphan();
    this.#abandoning.abort(reason);
  }

  /** What it is opened with. Questions go to the application in the name of whoever waits when they come up. */
  request({ target, route, unverified, partition, terms, protocols }: OpeningFacts): ConnectRequest {
    const { agreement, exchange } = this.#initiator?.options ?? {};
    return {
      target,
      route,
      unverified,
      partition,
      terms,
      protocols,
      mayBeEarly: this.mayBeEarly,
      chooseIdentity:
        agreement?.chooseIdentity &&
        (async (request) => {
          const choose = this.#agreement()?.chooseIdentity;
          if (choose === undefined) throw new Error("nobody waits for this connection, and nobody is asked for it");
          return choose(request);
        }),
      judgeCertificate:
        agreement?.judgeCertificate && ((question) => this.#agreement()?.judgeCertificate?.(question) ?? "refuse"),
      onAuthenticate: exchange?.onAuthenticate,
      signal: this.#abandoning.signal,
      timeouts: exchange?.timeouts,
    };
  }

  #agreement(): HopOptions["agreement"] {
    return this.#initiator?.options.agreement;
  }
}
