import { UsageError } from "@fairlead/core";
import type { Tenant } from "../tenants.ts";
import type { SchemeHandler } from "./handler.ts";

/** Schemes whose meaning is not the application's to choose. */
const RESERVED: ReadonlySet<string> = new Set(["http", "https", "ws", "wss", "data", "blob", "about", "javascript"]);
/** RFC 3986 section 3.1, in lower case, as `URL` has it. */
const SCHEME = /^[a-z][a-z\d+.-]*$/;

/** What is under way with one of the handlers. */
export interface SchemeExchangeUnderWay {
  /** Resolves when it is over. */
  readonly over: Promise<void>;
  abort(reason: Error): void;
}

/** The handlers of one manager, by scheme, and what is under way with them. */
export class SchemeRegistry implements Tenant {
  readonly #handlers = new Map<string, SchemeHandler>();
  readonly #underWay = new Set<SchemeExchangeUnderWay>();
  #closing: Promise<void> | undefined;

  /**
   * @param given the application's own.
   * @param builtIn those that every manager has.
   * @throws UsageError OPTION_INVALID for a scheme that is reserved, named twice, or none.
   */
  constructor(given: readonly SchemeHandler[], builtIn: readonly SchemeHandler[]) {
    for (const handler of builtIn) this.#handlers.set(`${handler.scheme}:`, handler);
    for (const handler of given) {
      const { scheme } = handler;
      if (!SCHEME.test(scheme)) throw invalid(scheme, "give the scheme in lower case, without the colon");
      if (RESERVED.has(scheme)) throw invalid(scheme, "choose another scheme: this one has its meaning already");
      if (this.has(`${scheme}:`)) throw invalid(scheme, "register one handler for each scheme");
      this.#handlers.set(`${scheme}:`, handler);
    }
  }

  /** @param protocol the scheme with its colon. */
  has(protocol: string): boolean {
    return this.#handlers.has(protocol);
  }

  /** @param protocol the scheme with its colon. */
  find(protocol: string): SchemeHandler | undefined {
    return this.#handlers.get(protocol);
  }

  /** Counts an exchange until it is over. */
  track(exchange: SchemeExchangeUnderWay): void {
    this.#underWay.add(exchange);
    void exchange.over.then(() => this.#underWay.delete(exchange));
  }

  /** Waits for what is under way, then has all handlers let go of what they hold; how that goes is their own business. */
  close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#underWay].map(({ over }) => over)).then(() => this.#closeHandlers());
    return this.#closing;
  }

  /** Ends what is under way, then closes. */
  destroy(reason: Error): void {
    for (const exchange of [...this.#underWay]) exchange.abort(reason);
    void this.close();
  }

  async #closeHandlers(): Promise<void> {
    await Promise.allSettled([...this.#handlers.values()].map(async (handler) => handler.close()));
  }
}

function invalid(scheme: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail: `schemes: ${JSON.stringify(scheme)}`, remedy });
}
