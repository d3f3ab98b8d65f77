import type { Batch } from "../src/change-queue.ts";
import type { StoreBackend } from "../src/store-backend.ts";
import { noRecords, type CollectionNews, type LoadedRecords } from "../src/stored-record.ts";

type Gate = ReturnType<typeof makeGate>;

/** A backend whose every write waits until the test lets it pass or fail. */
export class GatedBackend implements StoreBackend {
  /** Batches that have arrived, as text: `collection key=value key=-`. */
  readonly batches: string[] = [];
  closed = false;
  readonly #waiting: Gate[] = [];
  readonly #arrivals: Gate[] = [];
  #open = false;
  #onChange: () => void = () => undefined;
  #news = new Map<string, CollectionNews>();

  readonly load = (): LoadedRecords => noRecords;
  readonly watch = (onChange: () => void): void => {
    this.#onChange = onChange;
  };

  readonly takeNews = (): ReadonlyMap<string, CollectionNews> => {
    const news = this.#news;
    this.#news = new Map();
    return news;
  };

  readonly collectionNames = (): readonly string[] => [];
  readonly take = (): Promise<{ readonly type: "gone" }> => Promise.resolve({ type: "gone" });

  readonly write = async (batch: Batch): Promise<void> => {
    this.batches.push(describeBatch(batch));
    this.#arrivals.shift()?.resolve();
    if (this.#open) return;
    const gate = makeGate();
    this.#waiting.push(gate);
    await gate.promise;
  };

  readonly close = (): Promise<void> => {
    this.closed = true;
    return Promise.resolve();
  };

  /** Others have done something to a collection. */
  tell(collection: string, news: CollectionNews): void {
    this.#news.set(collection, news);
    this.#onChange();
  }

  /** Resolves when the next write arrives. */
  nextWrite(): Promise<void> {
    const arrival = makeGate();
    this.#arrivals.push(arrival);
    return arrival.promise;
  }

  /** Lets the write that waits end well. */
  pass(): void {
    this.#waiting.shift()?.resolve();
  }

  /** Lets the write that waits fail. */
  fail(error: Error): void {
    this.#waiting.shift()?.reject(error);
  }

  /** Lets all writes pass from now on. */
  open(): void {
    this.#open = true;
    for (const gate of this.#waiting.splice(0)) gate.resolve();
  }
}

function describeBatch(batch: Batch): string {
  return (
    [...batch]
      // What every batch requires.
      .filter(([, { requires }]) => requires === undefined)
      .map(([name, { clear, records }]) => {
        const changes = [...records].map(([key, change]) => {
          return `${key}=${change.type === "put" ? Buffer.from(change.value).toString() : `(${change.type})`}`;
        });
        return [name, ...(clear ? ["(clear)"] : []), ...changes].join(" ");
      })
      .join("; ")
  );
}

function makeGate(): {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
} {
  let resolve = (): void => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
