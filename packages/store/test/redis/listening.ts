import type { Collection, StoreWarning } from "@fairlead/store";

/** Hears of what others change in a collection. */
export interface ChangeListener {
  /** `key=value`, or `key=` for what is gone, in the order of hearing. */
  readonly heard: readonly string[];
  /** Resolves when this was heard, before or after the call. */
  hears(change: string): Promise<void>;
}

/** Listens from now on. */
export function listenTo(collection: Collection): ChangeListener {
  const { heard, happens, happened } = waitingList<string>();
  collection.onForeignChange(({ key, record }) => {
    happened(`${key}=${record === undefined ? "" : Buffer.from(record.value).toString()}`);
  });
  return { heard, hears: (change) => happens((other) => other === change).then(() => undefined) };
}

/** Gathers warnings. */
export interface WarningListener {
  readonly onWarning: (warning: StoreWarning) => void;
  readonly types: readonly string[];
  /** Resolves to the first one of a type that is there or comes; after `from` others of all types. */
  next(type: StoreWarning["type"], from?: number): Promise<StoreWarning>;
}

/** Makes what `onWarning` is given. */
export function listenForWarnings(): WarningListener {
  const { heard, happens, happened } = waitingList<StoreWarning>();
  return {
    onWarning: happened,
    get types() {
      return heard.map(({ type }) => type);
    },
    next: (type, from = 0) => happens((warning) => warning.type === type && heard.indexOf(warning) >= from),
  };
}

function waitingList<Item>(): {
  readonly heard: readonly Item[];
  readonly happened: (item: Item) => void;
  readonly happens: (matches: (item: Item) => boolean) => Promise<Item>;
} {
  const heard: Item[] = [];
  const waiting = new Set<() => void>();
  return {
    heard,
    happened: (item) => {
      heard.push(item);
      for (const look of waiting) look();
    },
    happens: (matches) =>
      new Promise((resolve) => {
        // A store keeps no process alive: who waits for one does.
        const alive = setInterval(() => undefined, 60_000);
        const look = (): void => {
          const found = heard.find(matches);
          if (found === undefined) return;
          clearInterval(alive);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
