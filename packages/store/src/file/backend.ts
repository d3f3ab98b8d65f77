import type { Batch } from "../change-queue.ts";
import type { StoreWarning } from "../contract.ts";
import { verifyStore, type PlaceOptions } from "../permissions.ts";
import type { StoreBackend } from "../store-backend.ts";
import type { CollectionNews, LoadedRecords, TakeOutcome } from "../stored-record.ts";
import { applyBatch, withoutRecord, type StoreDocument } from "./document.ts";
import { FileView } from "./file-view.ts";
import { FileWatch } from "./file-watch.ts";
import { formatDocument } from "./format-document.ts";
import { acquireFileLock } from "./lock.ts";
import { removeLeftovers, replaceFile } from "./replace-file.ts";
import { corrupt, identityOf, readStoreFile, type StoreFile } from "./store-file.ts";

/** How long a batch waits for other processes, each of which needs milliseconds. */
const lockMilliseconds = 10_000;
/** How often a batch begins anew because somebody who takes no lock, such as an editor, was quicker. */
const attempts = 10;

/** What the file of a {@link FileBackend} is kept with. */
export interface FileBackendOptions {
  readonly place?: PlaceOptions;
  readonly onWarning?: (warning: StoreWarning) => void;
}

/**
 * Keeps records in one JSON file. Each batch makes its changes, under a lock, in what the file holds then: so nothing is
 * lost of what other processes, or a person, have written meanwhile. A file that cannot be read is never replaced.
 */
export class FileBackend implements StoreBackend {
  readonly #path: string;
  readonly #place: PlaceOptions;
  readonly #warn: (warning: StoreWarning) => void;
  readonly #view: FileView;
  readonly #watch: FileWatch;
  #onChange: () => void = () => undefined;
  #onBack: () => void = () => undefined;
  /** Settles when what reads and writes the view is done. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string, file: StoreFile, options: FileBackendOptions = {}) {
    this.#path = path;
    this.#place = options.place ?? {};
    this.#warn = options.onWarning ?? (() => undefined);
    this.#view = new FileView(file);
    this.#watch = new FileWatch({
      path,
      look: () => this.#inTurn(() => this.#learn()),
      onLost: (cause) => {
        const message = "the file cannot be read; what was read before stays, and nothing is written over it";
        this.#warn({ type: "engine-lost", collection: undefined, message, cause });
      },
      onBack: () => {
        const message = "the file can be read again";
        this.#warn({ type: "engine-back", collection: undefined, message, cause: undefined });
        this.#onBack();
      },
    });
    this.#tellDropped(file);
  }

  load(collection: string): LoadedRecords {
    const records = [...(this.#view.document.collections.get(collection) ?? [])];
    return {
      names: records.map(([name]) => name),
      expiresAt: records.map(([, { expiresAt }]) => expiresAt ?? null),
      writtenAt: (index) => records[index]?.[1].writtenAt ?? 0,
      size: (index) => records[index]?.[1].value.length ?? 0,
      value: (index) => records[index]?.[1].value,
    };
  }

  collectionNames(): readonly string[] {
    return [...this.#view.document.collections].filter(([, records]) => records.size > 0).map(([name]) => name);
  }

  async take(collection: string, name: string): Promise<TakeOutcome> {
    let outcome: TakeOutcome = { type: "unsure" };
    try {
      await this.#update(0, (document) => {
        const stored = document.collections.get(collection)?.get(name);
        outcome = stored === undefined ? { type: "gone" } : { type: "taken", stored };
        return withoutRecord(document, collection, name);
      });
      return outcome;
    } catch {
      // Busy, or cannot be written at all: then the next batch tells why.
      return { type: "unsure" };
    }
  }

  readonly write = async (batch: Batch): Promise<void> => {
    await this.#update(lockMilliseconds, (document) => applyBatch(document, batch));
  };

  watch(onChange: () => void, onBack: () => void): void {
    this.#onChange = onChange;
    this.#onBack = onBack;
    this.#watch.start();
  }

  takeNews(): ReadonlyMap<string, CollectionNews> {
    return this.#view.takeNews();
  }

  async close(): Promise<void> {
    await this.#watch.close();
  }

  /** Changes the file, unless `change` gives back what it is given. */
  async #update(waitMilliseconds: number, change: (document: StoreDocument) => StoreDocument): Promise<void> {
    const tidy = (): Promise<void> => removeLeftovers(this.#path);
    const lock = await acquireFileLock(`${this.#path}.lock`, waitMilliseconds, tidy);
    if (lock === undefined) throw new Error("another process keeps the file locked");
    try {
      if (lock.wasLeftBehind) await tidy();
      await this.#inTurn(() => this.#change(change, () => lock.isHeld()));
    } finally {
      await lock.release();
    }
  }

  async #change(change: (document: StoreDocument) => StoreDocument, isHeld: () => Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      await this.#learn();
      const document = change(this.#view.document);
      if (document === this.#view.document) return;
      const identity = await replaceFile(this.#path, formatDocument(document), async () => {
        if (!(await isHeld())) throw new Error("the lock was lost");
        return (await identityOf(this.#path)) === this.#view.identity;
      });
      if (identity === undefined) continue;
      this.#view.replace({ identity, document });
      verifyStore(this.#path, [], this.#place);
      return;
    }
    throw new Error("somebody who takes no lock keeps changing the file");
  }

  /** Reads what others have written since the file was last read or written. */
  async #learn(): Promise<void> {
    verifyStore(this.#path, [], this.#place);
    if ((await identityOf(this.#path)) === this.#view.identity) return;
    const file = await readStoreFile(this.#path);
    // Many editors empty a file before they write it.
    if (file.isEmpty && this.#view.document.collections.size > 0) throw corrupt(this.#path, "empty, and was not");
    this.#tellDropped(file);
    if (await this.#view.adopt(file)) this.#onChange();
  }

  #tellDropped({ dropped }: StoreFile): void {
    for (const { collection, reason } of dropped) {
      this.#warn({ type: "record-dropped", collection, message: reason, cause: undefined });
    }
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    await done;
  }
}
