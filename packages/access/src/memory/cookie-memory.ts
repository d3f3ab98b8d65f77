import { CookieJar, encodeCookie, type Cookie, type CookieContext } from "@fairlead/http/cookies";
import type { Collection, ForeignChange } from "@fairlead/store";
import type { Forgetful, ForgetScope } from "../forget/scope.ts";
import { OWN_PARTITION, type Partition } from "../partition.ts";
import type { ReadRecord } from "./readers/collection-readers.ts";
import type { Subscriptions } from "./subscriptions.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where cookies are kept, and who is told of it. */
export interface CookieRecords {
  readonly collection: Collection;
  readonly subscriptions: Subscriptions;
}

/** The cookies of one partition: the jar decides, the collection keeps what outlives the session. */
export class CookieMemory implements Forgetful {
  readonly #jar = new CookieJar();
  readonly #records: CookieRecords | undefined;
  readonly #partition: Partition;
  /** Begins the keys of this partition's records, and of no others. */
  readonly #prefix: string;
  readonly #now: () => number;
  /** When cookies were set that are in no record. */
  readonly #setAt = new Map<string, number>();

  /** @param records where cookies are kept; `undefined` keeps them in memory. */
  constructor(records: CookieRecords | undefined, partition: Partition, now: () => number) {
    this.#partition = partition;
    this.#prefix = partition === OWN_PARTITION ? "" : `${partition} `;
    this.#now = now;
    this.#records = records;
    if (records === undefined) return;
    const ours = [...records.collection.entries()].filter(({ key }) => key.startsWith(this.#prefix));
    const lines = ours.map(({ key, value }) => ({
      key: key.slice(this.#prefix.length),
      line: decoder.decode(value),
    }));
    for (const key of this.#jar.load(lines, now())) records.collection.delete(this.#prefix + key);
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
          if (this.#records === undefined) this.#setAt.set(change.key, this.#now());
          else this.#setAt.delete(change.key);
          this.#keep(change.key, change.cookie);
          break;
        case "keep-in-memory":
          this.#setAt.set(change.key, this.#now());
          this.#drop(change.key);
          break;
        case "delete":
          this.#setAt.delete(change.key);
          this.#drop(change.key);
          break;
      }
    }
  }

  #keep(key: string, cookie: Cookie): void {
    if (this.#records === undefined) return;
    const { collection, subscriptions } = this.#records;
    const value = encoder.encode(encodeCookie(cookie));
    collection.set(this.#prefix + key, value, { expiresAt: cookie.expiryTime });
    subscriptions.tell(collection, this.#prefix + key);
  }

  #drop(key: string): void {
    const { collection, subscriptions } = this.#records ?? {};
    if (collection?.delete(this.#prefix + key) === true) subscriptions?.tell(collection, this.#prefix + key);
  }

  /** Somebody else has changed a record of this partition. What is wrong in it is for nobody; its writer has it still. */
  follow({ key: recordKey, record }: ForeignChange): void {
    const key = recordKey.slice(this.#prefix.length);
    const line = record && decoder.decode(record.value);
    if (line !== undefined && !this.#jar.load([{ key, line }], this.#now()).includes(key)) this.#setAt.delete(key);
    else if (!this.#setAt.has(key)) this.#jar.delete(key);
  }

  /** Those that are in no record, as records would have them: session cookies, and all where nothing is kept. */
  *unwritten(): Generator<ReadRecord, void, undefined> {
    for (const [key, cookie] of this.#jar.entries()) {
      if (this.#setAt.has(key)) yield { key: this.#prefix + key, value: encoder.encode(encodeCookie(cookie)) };
    }
  }

  /** @returns whether there was such a one in no record. */
  forgetUnwritten(recordKey: string): boolean {
    if (!recordKey.startsWith(this.#prefix)) return false;
    const key = recordKey.slice(this.#prefix.length);
    return this.#setAt.delete(key) && this.#jar.delete(key);
  }

  /** Drops the cookies whose records are gone, and those without one that are to be forgotten; counts the latter. */
  forgetWithin(scope: ForgetScope): number {
    const site = URL.parse(this.#partition)?.hostname;
    let forgotten = 0;
    for (const [key, { domain }] of [...this.#jar.entries()]) {
      const setAt = this.#setAt.get(key);
      if (setAt === undefined) {
        if (this.#records?.collection.get(this.#prefix + key) === undefined) this.#jar.delete(key);
      } else if (scope.covers(site === undefined ? [domain] : [domain, site], setAt)) {
        this.#setAt.delete(key);
        this.#jar.delete(key);
        forgotten += 1;
      }
    }
    return forgotten;
  }
}
