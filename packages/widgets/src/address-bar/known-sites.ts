import type { UrlData, UrlKnowledge } from "../url/url-knowledge.ts";
import { loadUrlData } from "../url-data/load-url-data.ts";
import type { Remembered } from "./rules/remembered.ts";
import { visitedSites } from "./rules/visited-sites.ts";

/** What is known when a URL is shown: what is published, loaded on first use, and what the person visits. */
export class KnownSites {
  /** Until the data have come, and where they do not come, all is shown safely. */
  knowledge: UrlKnowledge = {};
  readonly #learned: () => void;
  #remembered: readonly Remembered[] = [];
  #given: UrlKnowledge | undefined;
  #data: UrlData | undefined;
  #isLoading = false;

  /** @param learned told when the data have come */
  constructor(learned: () => void) {
    this.#learned = learned;
  }

  /** @param given by the application, in place of what is loaded */
  learn(remembered: readonly Remembered[], given: UrlKnowledge | undefined): void {
    this.#remembered = remembered;
    this.#given = given;
    const data = given ?? this.#data;
    if (data === undefined) {
      void this.#load();
      return;
    }
    const { publicSuffixes, confusables } = data;
    const canCompare = publicSuffixes !== undefined && confusables !== undefined;
    this.knowledge = canCompare
      ? { visited: visitedSites(remembered, { publicSuffixes, confusables }), ...data }
      : data;
  }

  async #load(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    this.#data = await loadUrlData().catch(() => undefined);
    if (this.#data === undefined) return;
    this.learn(this.#remembered, this.#given);
    this.#learned();
  }
}
