import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { StoreError } from "@fairlead/core";
import { BatchRefused } from "../batch-refused.ts";
import type { Batch } from "../change-queue.ts";
import type { OpenStoreOptions } from "../contract.ts";
import type { StoreBackend } from "../store-backend.ts";
import { warn } from "../store-warning.ts";
import type { CollectionNews, LoadedRecords, StoredRecord, TakeOutcome } from "../stored-record.ts";
import { isReply, type Answer, type RedisConnection } from "./connection.ts";
import type { Connector } from "./connector.ts";
import { doubtOf, withoutApplied, type Doubt } from "./doubt.ts";
import { encodeBatch } from "./encode-batch.ts";
import { isRefusal } from "./engine-error.ts";
import { EngineLink } from "./link.ts";
import { LocalView, readAll } from "./local-view.ts";
import type { RedisLocation } from "./location.ts";
import { unpackRecord } from "./protocol/record-form.ts";
import { applyScript, fenceScript, takeScript } from "./scripts.ts";
import { schema, storeKeys, type StoreKeys } from "./store-keys.ts";

/** Who asks for one record waits no longer: it is looked for in the middle of something else. */
const findMilliseconds = 50;
const takeMilliseconds = 250;
/** How often what is known is compared with what is there, which also tells whether the engine still answers. */
const compareMilliseconds = 10_000;

/**
 * Keeps records in Redis. Everything is read once; from then on whoever changes something tells all others, by the
 * connection that its own changes go by, so that they come in the order in which they happened.
 */
export class RedisBackend implements StoreBackend {
  readonly isShared = true;
  readonly #location: RedisLocation;
  readonly #options: OpenStoreOptions;
  readonly #keys: StoreKeys;
  readonly #view: LocalView;
  readonly #link: EngineLink;
  readonly #now: () => number;
  /** Tells our batches from those of others. */
  readonly #origin = randomUUID();
  #number = 0;
  #doubt: Doubt | undefined;
  #compareTimer: NodeJS.Timeout | undefined;
  #onChange: () => void = () => undefined;
  #onBack: () => void = () => undefined;

  constructor(connector: Connector, location: RedisLocation, options: OpenStoreOptions, answerMilliseconds: number) {
    this.#location = location;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#keys = storeKeys(location.prefix, location.database);
    this.#view = new LocalView({
      keys: this.#keys,
      origin: this.#origin,
      maxRecords: location.view,
      onNews: () => {
        this.#onChange();
      },
      onDamaged: (collection) => {
        this.#warn("record-dropped", "a damaged record was passed over", undefined, collection);
      },
    });
    this.#link = new EngineLink({
      connect: (attempt) => connector.connect(this.#keys.schema, attempt),
      prepare: (connection, hold) => this.#prepare(connection, hold),
      onLost: (reason) => {
        this.#warn("engine-lost", "the engine cannot be reached; what is known goes on to be used", reason);
      },
      onBack: () => {
        this.#warn("engine-back", "the engine is back", undefined);
        this.#onBack();
      },
      connectMilliseconds: answerMilliseconds,
    });
  }

  /** Connects and reads what is there. */
  async open(signal: AbortSignal | undefined): Promise<void> {
    await this.#link.open(signal);
    this.#startComparing();
  }

  /** Goes on without, until the engine can be reached. */
  openLater(reason: Error): void {
    this.#link.openLater(reason);
    this.#startComparing();
  }

  load(collection: string): LoadedRecords {
    return this.#view.open(collection);
  }

  async loadAll(collection: string): Promise<LoadedRecords> {
    const connection = this.#link.connection;
    if (connection === undefined) throw this.#unreachable("read", undefined);
    return readAll(connection, this.#keys, collection).catch((error: unknown) => {
      throw this.#unreachable("read", error);
    });
  }

  collectionNames(): readonly string[] {
    return this.#view.names();
  }

  watch(onChange: () => void, onBack: () => void): void {
    this.#onChange = onChange;
    this.#onBack = onBack;
  }

  takeNews(): ReadonlyMap<string, CollectionNews> {
    return this.#view.takeNews();
  }

  isDoubtful(collection: string, name: string): boolean {
    return this.#doubt?.changes.get(collection)?.has(name) ?? false;
  }

  async find(collection: string, name: string): Promise<StoredRecord | undefined> {
    const connection = this.#link.connection;
    if (connection === undefined || !this.#view.isPartial(collection)) return undefined;
    const [records] = this.#keys.collection(collection);
    const packed = await within(findMilliseconds, connection.send(["HGET", records, name]));
    return Buffer.isBuffer(packed) ? unpackRecord(name, packed) : undefined;
  }

  async take(collection: string, name: string): Promise<TakeOutcome> {
    const connection = this.#link.connection;
    if (connection === undefined) return { type: "unsure" };
    const { sequence, stamps, channel } = this.#keys;
    const keys = [sequence, stamps, ...this.#keys.collection(collection)];
    const parameters = [channel, collection, name, this.#origin, this.#stamp()];
    const end = this.#view.taking(collection, name);
    const answer = connection.run(takeScript, { keys, parameters });
    answer.then(end, end);
    const packed = await within(takeMilliseconds, answer);
    // Perhaps nobody has it now. Better that than two.
    if (packed === undefined) return { type: "unsure" };
    const stored = Buffer.isBuffer(packed) ? unpackRecord(name, packed) : undefined;
    return stored === undefined ? { type: "gone" } : { type: "taken", stored };
  }

  readonly write = async (batch: Batch): Promise<void> => {
    const connection = this.#link.connection;
    if (connection === undefined) throw this.#unreachable("write", undefined);
    try {
      await this.#apply(connection, await this.#withoutDoubt(connection, batch));
    } catch (error) {
      if (error instanceof BatchRefused) throw error;
      if (!isRefusal(error)) throw this.#unreachable("write", error);
      this.#leaveWrongServer(connection, error);
      throw error;
    }
  };

  close(): Promise<void> {
    clearInterval(this.#compareTimer);
    this.#link.close();
    return Promise.resolve();
  }

  async #apply(connection: RedisConnection, batch: Batch): Promise<void> {
    const number = ++this.#number;
    this.#doubt = doubtOf(number, batch);
    const call = encodeBatch(this.#keys, batch, this.#origin, number, this.#now());
    const answer = await connection.run(applyScript, call).catch((error: unknown) => {
      if (isRefusal(error)) this.#doubt = undefined;
      throw error;
    });
    this.#doubt = undefined;
    // Something else is there than the batch requires.
    if (Array.isArray(answer)) throw new BatchRefused(requiredValue(batch, answer as readonly Answer[]));
    this.#view.settle(batch, Number(String(answer)));
  }

  /** What of a batch is still to be written, when it is not known what became of the one before. */
  async #withoutDoubt(connection: RedisConnection, batch: Batch): Promise<Batch> {
    const doubt = this.#doubt;
    if (doubt === undefined) return batch;
    const keys = [this.#keys.applied(this.#origin)];
    const applied = await connection.run(fenceScript, { keys, parameters: [String(doubt.number)] });
    this.#doubt = undefined;
    return applied === 1 ? withoutApplied(batch, doubt) : batch;
  }

  async #prepare(connection: RedisConnection, hold: boolean): Promise<void> {
    const hear = (message: Uint8Array): void => {
      this.#view.hear(connection, message);
    };
    await connection.subscribe(this.#keys.channel, hear, hold);
    const found = await connection.send(["GET", this.#keys.schema], hold);
    if (Buffer.isBuffer(found) && found.toString() !== schema) {
      const detail = `schema ${found.toString().slice(0, 20)}, known is ${schema}`;
      throw new StoreError("STORE_NEWER", { peer: this.#location.url, operation: "open", detail });
    }
    await this.#view.compare(connection, hold);
  }

  #startComparing(): void {
    this.#compareTimer = setInterval(() => {
      const connection = this.#link.connection;
      // A server that refuses may answer later; one that does not answer loses the connection.
      if (connection !== undefined) this.#view.compare(connection, false).catch(() => undefined);
    }, compareMilliseconds).unref();
  }

  /** After a failover, another server has the records: the next connection goes there. */
  #leaveWrongServer(connection: RedisConnection, error: unknown): void {
    const { type } = this.#location.route;
    if (type !== "cluster" && type !== "sentinel") return;
    if (["MOVED", "READONLY", "CLUSTERDOWN"].some((word) => isReply(error, word))) {
      connection.destroy(new Error("another server has the records", { cause: error }));
    }
  }

  #stamp(): string {
    return `${this.#origin} ${String(++this.#number)}`;
  }

  #unreachable(operation: string, cause: unknown): StoreError {
    return new StoreError("STORE_UNREACHABLE", { peer: this.#location.url, operation, cause });
  }

  #warn(
    type: "engine-lost" | "engine-back" | "record-dropped",
    message: string,
    cause: unknown,
    collection?: string,
  ): void {
    warn(this.#options, this.#location.url, { type, collection, message, cause });
  }
}

/** The value that the engine says is there, in the place of what a batch requires. */
function requiredValue(batch: Batch, [packed]: readonly Answer[]): Uint8Array | undefined {
  if (!Buffer.isBuffer(packed)) return undefined;
  for (const { requires } of batch.values()) {
    const found = requires && unpackRecord(requires.name, packed);
    if (found !== undefined) return found.value;
  }
  return packed;
}

/** What a promise resolves to, `undefined` when it does not in time or not at all. */
async function within<Result>(milliseconds: number, promise: Promise<Result>): Promise<Result | undefined> {
  const timer = new AbortController();
  const late = delay(milliseconds, undefined, { signal: timer.signal, ref: false }).catch(() => undefined);
  try {
    return await Promise.race([promise.catch(() => undefined), late]);
  } finally {
    timer.abort();
  }
}
