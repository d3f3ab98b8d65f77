import { ADDRCONFIG, lookup as systemLookup, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { Forgetful, ForgetScope } from "../forget/scope.ts";
import { canonicalHost, hostsOfUrls } from "../memory/readers/hosts.ts";
import type { Partition } from "../partition.ts";
import type { NameSettings, ResolvedName, ResolveName } from "./options.ts";
import type { StoredAddresses } from "./stored-addresses.ts";

/**
 * How long an answer is kept that does not say: the system's resolver hides what it knows. Long enough that a page's
 * requests share one, short enough that a server that moves is found.
 */
const UNKNOWN_TTL_SECONDS = 10;
/** An answer that claims more is asked for again after that: what is long out of date is a mistake more often than not. */
const TTL_LIMIT_SECONDS = 3_600;
/** That a name does not exist. RFC 2308 section 5 would keep it longer; a name that was just made should work. */
const NEGATIVE_TTL_SECONDS = 2;
/** An answer that is out for longer is asked for again, whoever waits: the resolver may have forgotten the question. */
const PATIENCE_MILLISECONDS = 5_000;
/** Names that are kept; past this the oldest goes. */
const NAMES_LIMIT = 1_000;

/** How the resolver says for certain that there is no such name, or no address of it. */
const NEGATIVE_CODES: ReadonlySet<unknown> = new Set(["ENOTFOUND", "ENODATA", "EAI_NONAME", "EAI_NODATA"]);

interface Known {
  readonly answer: Promise<ResolvedName>;
  readonly askedAt: number;
  /** By the clock; until there is an answer, when it is asked for again. */
  until: number;
}

/**
 * Addresses of names, for as long as their answers are good. Each partition asks for itself: how fast a name is found tells
 * who asked before.
 */
export class NameCache implements Forgetful {
  readonly #resolve: ResolveName;
  readonly #now: () => number;
  readonly #names = new Map<string, Known>();
  readonly #stored: StoredAddresses | undefined;

  /** @param stored keeps addresses over restarts; `undefined` where they are not to be kept. */
  constructor(
    { lookup = systemLookup, resolve = resolveBy(lookup) }: NameSettings,
    now: () => number,
    stored?: StoredAddresses,
  ) {
    this.#resolve = resolve;
    this.#now = now;
    this.#stored = stored;
  }

  /** Finds the addresses of a name; concurrent questions for one name are one. */
  find(host: string, partition: Partition): Promise<ResolvedName> {
    const key = keyOf(host, partition);
    const known = this.#names.get(key);
    if (known !== undefined && known.until > this.#now()) return known.answer;
    const stored = this.#stored?.find(host, partition);
    if (stored !== undefined) {
      const { addresses, until } = stored;
      const answer = Promise.resolve({ addresses });
      this.#keep(key, { answer, until, askedAt: this.#now() });
      return answer;
    }
    const askedAt = this.#now();
    const asked: Known = { answer: this.#resolve(host), askedAt, until: askedAt + PATIENCE_MILLISECONDS };
    this.#keep(key, asked);
    const keepFor = (seconds: number): void => {
      asked.until = this.#now() + seconds * 1000;
    };
    asked.answer.then(
      ({ addresses, ttlSeconds = UNKNOWN_TTL_SECONDS }) => {
        keepFor(addresses.length === 0 ? NEGATIVE_TTL_SECONDS : Math.min(ttlSeconds, TTL_LIMIT_SECONDS));
        // Who was asked to forget the name meanwhile does not keep it.
        if (this.#names.get(key) === asked) this.#stored?.keep(host, partition, addresses, asked.until);
      },
      (error: unknown) => {
        keepFor(isNegative(error) ? NEGATIVE_TTL_SECONDS : 0);
      },
    );
    return asked.answer;
  }

  /** Nothing answers at its addresses: they may be out of date. */
  forget(host: string, partition: Partition): void {
    this.#names.delete(keyOf(host, partition));
    this.#stored?.delete(host, partition);
  }

  /** What is stored has been forgotten, before. */
  forgetWithin(scope: ForgetScope): number {
    for (const [key, { askedAt }] of [...this.#names]) {
      const [host = "", partition = ""] = key.split(" ");
      if (scope.covers([canonicalHost(host), ...hostsOfUrls(partition)], askedAt)) this.#names.delete(key);
    }
    return 0;
  }

  /** Asks the cache in the form of `dns.lookup`, with all addresses. */
  lookupIn(partition: Partition): LookupFunction {
    return (host, _options, callback) => {
      this.find(host, partition).then(
        ({ addresses }) => {
          callback(
            null,
            addresses.map((address): LookupAddress => ({ address, family: isIP(address) })),
          );
        },
        (error: unknown) => {
          callback(error as NodeJS.ErrnoException, []);
        },
      );
    };
  }

  #keep(key: string, known: Known): void {
    const [oldest] = this.#names.size < NAMES_LIMIT ? [] : this.#names.keys();
    if (oldest !== undefined) this.#names.delete(oldest);
    this.#names.delete(key);
    this.#names.set(key, known);
  }
}

function keyOf(host: string, partition: Partition): string {
  return `${host} ${partition}`;
}

function isNegative(error: unknown): boolean {
  return error instanceof Error && "code" in error && NEGATIVE_CODES.has(error.code);
}

function resolveBy(lookup: LookupFunction): ResolveName {
  return (host) =>
    new Promise((resolve, reject) => {
      const hints = process.platform === "win32" ? 0 : ADDRCONFIG;
      lookup(host, { all: true, hints }, (error, found) => {
        if (error) reject(error);
        // A lookup of the application's may answer with one address, whatever it was asked.
        else resolve({ addresses: typeof found === "string" ? [found] : found.map(({ address }) => address) });
      });
    });
}
