import {
  decodeHstsEntry,
  encodeHstsEntry,
  encodePreloadExemption,
  findHstsEntry,
  isPreloadExemption,
  learnHsts,
  mayBePreloaded,
  type HstsEntry,
  type HstsLookUp,
  type HstsOrigin,
} from "@fairlead/http/hsts";
import type { Collection, Store } from "@fairlead/store";
import { openCollection } from "./collections.ts";

/** Where it is known from that a host wants https: from itself or one above it, or from the preload list. */
export type HstsSource = "learned" | "preloaded";

/** How long a preloaded host is taken at its word that it does not want https any more: then it may say it again. */
const EXEMPTION_MILLISECONDS = 365 * 24 * 60 * 60 * 1000;

interface SourcedEntry extends HstsEntry {
  readonly source: HstsSource;
}

/**
 * The known HSTS hosts: those of a store, and those of the preload list. What a host itself has said stands in place of
 * what the list says of it.
 */
export class HstsMemory {
  readonly #hosts: Collection;
  readonly #now: () => number;
  readonly #preloaded: HstsLookUp | undefined;

  /**
   * @param preloaded finds who is on the preload list: asked about names of the public DNS alone, and not before a request
   * is for one. `undefined` for no list.
   */
  constructor(store: Store, now: () => number, preloaded: HstsLookUp | undefined) {
    this.#hosts = openCollection(store, "hsts");
    this.#now = now;
    this.#preloaded = preloaded;
  }

  knows(hostname: string): boolean {
    return this.sourceOf(hostname) !== undefined;
  }

  /** Where it is known from that a host wants https; `undefined` when it is not known. */
  sourceOf(hostname: string): HstsSource | undefined {
    const preloaded = mayBePreloaded(hostname) ? this.#preloaded : undefined;
    if (preloaded === undefined && this.#hosts.size === 0) return undefined;
    return findHstsEntry(hostname, (host) => this.#find(host, preloaded))?.source;
  }

  learn(origin: HstsOrigin): void {
    const lesson = learnHsts(origin);
    switch (lesson.type) {
      case "remember":
        this.#hosts.set(lesson.host, encodeHstsEntry(lesson.entry), {
          expiresAt: this.#now() + lesson.maxAge * 1000,
        });
        return;
      case "forget":
        this.#forget(lesson.host);
        return;
      case "ignore":
        return;
    }
  }

  #forget(host: string): void {
    if (mayBePreloaded(host) && this.#preloaded?.(host) !== undefined) {
      this.#hosts.set(host, encodePreloadExemption(), { expiresAt: this.#now() + EXEMPTION_MILLISECONDS });
    } else {
      this.#hosts.delete(host);
    }
  }

  #find(host: string, preloaded: HstsLookUp | undefined): SourcedEntry | undefined {
    const record = this.#hosts.get(host);
    const learned = record && decodeHstsEntry(record.value);
    if (learned !== undefined) return { ...learned, source: "learned" };
    if (record !== undefined && isPreloadExemption(record.value)) return undefined;
    const listed = preloaded?.(host);
    return listed && { ...listed, source: "preloaded" };
  }
}
