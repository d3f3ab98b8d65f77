import { CookieJar, encodeCookie, type CookieContext } from "@fairlead/http/cookies";
import type { Collection } from "@fairlead/store";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The cookies of one partition: the jar decides, the collection keeps what outlives the session. */
export class CookieMemory {
  readonly #jar = new CookieJar();
  readonly #records: Collection | undefined;
  readonly #prefix: string;
  readonly #now: () => number;

  /**
   * @param records where cookies are kept; `undefined` keeps them in memory.
   * @param prefix begins the keys of this partition's records, and of no others.
   */
  constructor(records: Collection | undefined, prefix: string, now: () => number) {
    this.#prefix = prefix;
    this.#now = now;
    this.#records = records;
    if (records === undefined) return;
    const ours = [...records.entries()].filter(({ key }) => key.startsWith(prefix));
    const lines = ours.map(({ key, value }) => ({ key: key.slice(prefix.length), line: decoder.decode(value) }));
    for (const key of this.#jar.load(lines, now())) records.delete(prefix + key);
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
          this.#records?.set(this.#prefix + change.key, encoder.encode(encodeCookie(change.cookie)), {
            expiresAt: change.cookie.expiryTime,
          });
          break;
        case "keep-in-memory":
        case "delete":
          this.#records?.delete(this.#prefix + change.key);
          break;
      }
    }
  }
}
