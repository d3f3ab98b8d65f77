import { CookieJar, defaultCookieLimits, encodeCookie, type CookieContext } from "@fairlead/http/cookies";
import type { Collection, Store } from "@fairlead/store";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The cookies of a manager: the jar decides, the collection keeps what outlives the session. */
export class CookieMemory {
  readonly #jar = new CookieJar();
  readonly #records: Collection | undefined;
  readonly #now: () => number;

  /** @param store where cookies are kept; `undefined` keeps them in memory, apart from everybody else's. */
  constructor(store: Store | undefined, now: () => number) {
    this.#now = now;
    if (store === undefined) return;
    const records = store.collection("cookies", { maxEntries: defaultCookieLimits.total, secret: true });
    const lines = Array.from(records.entries(), ({ key, value }) => ({ key, line: decoder.decode(value) }));
    for (const key of this.#jar.load(lines, now())) records.delete(key);
    this.#records = records;
  }

  /** Cheap, and false for most requests. */
  knows(hostname: string): boolean {
    return this.#jar.hasCookiesFor(hostname);
  }

  /** The value of the `Cookie` field; empty when the field is to be left out. */
  header(context: CookieContext): string {
    return this.#jar.cookieHeader(context, this.#now());
  }

  learn(fieldValue: string, context: CookieContext): void {
    for (const change of this.#jar.setCookie(fieldValue, context, this.#now()).changes) {
      switch (change.type) {
        case "persist":
          this.#records?.set(change.key, encoder.encode(encodeCookie(change.cookie)), {
            expiresAt: change.cookie.expiryTime,
          });
          break;
        case "keep-in-memory":
        case "delete":
          this.#records?.delete(change.key);
          break;
      }
    }
  }
}
