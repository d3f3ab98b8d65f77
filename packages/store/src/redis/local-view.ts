import type { Batch } from "../change-queue.ts";
import { noRecords, type CollectionNews, type LoadedRecords } from "../stored-record.ts";
import { CollectionView, largestViewBytes, loadRows, type Row } from "./collection-view.ts";
import type { Answer, RedisConnection } from "./connection.ts";
import { decodeText, parseMessage } from "./protocol/change-message.ts";
import { pageScript } from "./scripts.ts";
import type { StoreKeys } from "./store-keys.ts";

/** What {@link LocalView} works with. */
export interface LocalViewOptions {
  readonly keys: StoreKeys;
  /** Which of the messages are our own. */
  readonly origin: string;
  /** Largest number of records of a collection. */
  readonly maxRecords: number;
  /** Those who have collections open have something to learn. */
  readonly onNews: () => void;
  /** A record makes no sense. */
  readonly onDamaged: (collection: string) => void;
}

/** More collections than this are not of a store. */
const maxCollections = 1_000;
const recordsPerPage = 1_000;
const bytesPerPage = 1_048_576;

/** What a process knows of a store: read once, then told by whoever changes it, and compared from time to time. */
export class LocalView {
  readonly #options: LocalViewOptions;
  readonly #collections = new Map<string, CollectionView>();
  /** What we ask for right now: `collection name`, whose going is no news. */
  readonly #taking = new Set<string>();
  #reading: Promise<void> | undefined;

  constructor(options: LocalViewOptions) {
    this.#options = options;
  }

  /** Names of collections with records. */
  names(): readonly string[] {
    return [...this.#collections].flatMap(([name, { hasRecords }]) => (hasRecords ? [name] : []));
  }

  open(collection: string): LoadedRecords {
    return this.#of(collection)?.open() ?? noRecords;
  }

  /** Whether a collection may have records that are not known here. */
  isPartial(collection: string): boolean {
    return this.#collections.get(collection)?.isPartial ?? false;
  }

  takeNews(): ReadonlyMap<string, CollectionNews> {
    const news = new Map<string, CollectionNews>();
    for (const [name, view] of this.#collections) {
      if (!view.hasNews) continue;
      news.set(
        name,
        view.takeNews(() => {
          this.#options.onDamaged(name);
        }),
      );
    }
    return news;
  }

  /** What was heard before a batch of ours, and not handed on yet, is past. */
  settle(batch: Batch, sequence: number): void {
    for (const [name, changes] of batch) this.#collections.get(name)?.settle(changes, sequence);
  }

  /** Has the going of a record be no news while we ask for it. @returns what ends that. */
  taking(collection: string, name: string): () => void {
    const key = `${collection} ${name}`;
    this.#taking.add(key);
    return () => {
      this.#taking.delete(key);
    };
  }

  /** Takes note of a message. What makes none is passed over: the next comparison finds what it meant. */
  hear(connection: RedisConnection, bytes: Uint8Array): void {
    const message = parseMessage(bytes);
    if (message === undefined) return;
    const isOwn = message.origin === this.#options.origin;
    for (const told of message.collections) {
      const view = this.#of(told.collection);
      if (view === undefined) continue;
      view.messages++;
      view.stamp = message.stamp;
      const expected = (name: string): boolean => this.#taking.has(`${told.collection} ${name}`);
      view.learn(told, message.sequence, isOwn ? expected : undefined);
    }
    this.#tell();
    if ([...this.#collections.values()].some(({ isStale }) => isStale)) this.#readStale(connection);
  }

  /** Compares what is known with what is there, and reads what differs. */
  async compare(connection: RedisConnection, hold: boolean): Promise<void> {
    const heard = new Map([...this.#collections].map(([name, { messages }]) => [name, messages]));
    const stamps = readStamps(await connection.send(["HGETALL", this.#options.keys.stamps], hold));
    for (const name of new Set([...stamps.keys(), ...this.#collections.keys()])) {
      const view = this.#of(name);
      // Something came meanwhile, perhaps from after the answer: the next comparison will tell.
      if (view?.messages !== (heard.get(name) ?? 0)) continue;
      if (view.stamp !== stamps.get(name)) view.isStale = true;
    }
    while (this.#reading !== undefined) await this.#reading;
    await this.#readAll(connection, hold);
  }

  #readStale(connection: RedisConnection): void {
    this.#reading ??= this.#readAll(connection, false)
      .catch(() => {
        // The connection is lost, or answers nonsense; the next one reads what is still stale.
      })
      .finally(() => {
        this.#reading = undefined;
      });
  }

  async #readAll(connection: RedisConnection, hold: boolean): Promise<void> {
    for (const [name, view] of this.#collections) {
      if (view.isStale) await this.#read(connection, name, view, hold);
    }
    this.#tell();
  }

  async #read(connection: RedisConnection, name: string, view: CollectionView, hold: boolean): Promise<void> {
    const { keys, maxRecords } = this.#options;
    const stamp = await connection.send(["HGET", keys.stamps, name], hold);
    view.beginReading(Buffer.isBuffer(stamp) ? decodeText(stamp) : undefined);
    const { rows, isAll } = await readRows(connection, keys.collection(name), maxRecords, largestViewBytes, hold);
    view.endReading(rows, isAll);
  }

  #tell(): void {
    for (const { hasNews } of this.#collections.values()) {
      if (!hasNews) continue;
      this.#options.onNews();
      return;
    }
  }

  #of(name: string): CollectionView | undefined {
    const known = this.#collections.get(name);
    if (known !== undefined || this.#collections.size >= maxCollections) return known;
    const view = new CollectionView(this.#options.maxRecords);
    this.#collections.set(name, view);
    return view;
  }
}

/** Reads a collection's records, the one written last first, until there are so many or so many bytes. */
export async function readRows(
  connection: RedisConnection,
  [records, order]: readonly [records: string, order: string, ...more: string[]],
  maxRecords: number,
  maxBytes: number,
  hold: boolean,
): Promise<{ readonly rows: readonly Row[]; readonly isAll: boolean }> {
  const rows: Row[] = [];
  let bytes = 0;
  let from = "+inf";
  while (from !== "" && rows.length < maxRecords && bytes < maxBytes) {
    const count = Math.min(recordsPerPage, maxRecords - rows.length);
    const parameters = [from, String(count), String(bytesPerPage)];
    const page = readPage(await connection.run(pageScript, { keys: [records, order], parameters }, hold));
    for (const row of page.rows) {
      rows.push(row);
      bytes += row.packed.length;
    }
    from = page.next;
  }
  return { rows, isAll: from === "" };
}

/** All records of a collection, whether they are known here or not. */
export async function readAll(connection: RedisConnection, keys: StoreKeys, name: string): Promise<LoadedRecords> {
  const { rows } = await readRows(connection, keys.collection(name), Infinity, Infinity, true);
  return loadRows(rows.toReversed());
}

/** Names and values, one after the other. */
function readStamps(answer: Answer): ReadonlyMap<string, string> {
  const stamps = new Map<string, string>();
  const list = Array.isArray(answer) ? (answer as readonly Answer[]) : [];
  for (let index = 0; index + 1 < list.length; index += 2) {
    const [name, stamp] = [list[index], list[index + 1]].map((part) =>
      Buffer.isBuffer(part) ? decodeText(part) : undefined,
    );
    if (name !== undefined && stamp !== undefined) stamps.set(name, stamp);
  }
  return stamps;
}

function readPage(answer: Answer): { readonly next: string; readonly rows: readonly Row[] } {
  const list = Array.isArray(answer) ? (answer as readonly Answer[]) : [];
  const rows: Row[] = [];
  for (let index = 1; index + 2 < list.length; index += 3) {
    const [name, sequence, packed] = [list[index], list[index + 1], list[index + 2]];
    if (!Buffer.isBuffer(name) || !Buffer.isBuffer(sequence) || !Buffer.isBuffer(packed)) continue;
    const text = decodeText(name);
    const number = Number(sequence.toString());
    if (text !== undefined && Number.isSafeInteger(number)) rows.push({ name: text, sequence: number, packed });
  }
  const [next] = list;
  return { next: Buffer.isBuffer(next) ? next.toString() : "", rows };
}
