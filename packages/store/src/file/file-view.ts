import type { CollectionNews } from "../stored-record.ts";
import { differingNames, type StoreDocument } from "./document.ts";
import type { StoreFile } from "./store-file.ts";

/** What a file held when it was last read or written, and where others have changed it since somebody asked. */
export class FileView {
  #file: Pick<StoreFile, "identity" | "document">;
  readonly #changed = new Map<string, Set<string>>();

  constructor(file: StoreFile) {
    this.#file = file;
  }

  get document(): StoreDocument {
    return this.#file.document;
  }

  get identity(): string | undefined {
    return this.#file.identity;
  }

  /** Takes over what we have written. */
  replace(file: Pick<StoreFile, "identity" | "document">): void {
    this.#file = file;
  }

  /** Takes over what others have written. @returns whether any record is another. */
  async adopt(file: StoreFile): Promise<boolean> {
    const differing = await differingNames(this.#file.document, file.document);
    for (const [collection, names] of differing) {
      this.#changed.set(collection, new Set([...(this.#changed.get(collection) ?? []), ...names]));
    }
    this.#file = file;
    return differing.size > 0;
  }

  /** What the records are now that others have changed since the last call: we may have changed them after them. */
  takeNews(): ReadonlyMap<string, CollectionNews> {
    const news = new Map<string, CollectionNews>();
    for (const [collection, names] of this.#changed) {
      const records = this.#file.document.collections.get(collection);
      news.set(collection, { complete: false, records: new Map([...names].map((name) => [name, records?.get(name)])) });
    }
    this.#changed.clear();
    return news;
  }
}
