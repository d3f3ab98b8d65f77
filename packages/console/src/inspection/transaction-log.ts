import {
  codedCauseOf,
  type ConnectionFacts,
  HopMessages,
  type ObservedRequest,
  type Observer,
  type RequestObserver,
  type Transaction,
} from "@fairlead/access";
import { KeptCertificates } from "./kept-certificates.ts";
import type { PeerCertificates } from "./peer-certificates.ts";

/** How much is kept of what was requested; past each the oldest goes first. */
export interface TransactionLimits {
  /** Transactions. 10,000 by default. */
  readonly transactions: number;
  /** Bytes of all heads. 64 MiB by default. */
  readonly headBytes: number;
  /** Bytes of one body, as it goes over the wire; of a larger one nothing is kept. 1 MiB by default. */
  readonly bodyBytes: number;
  /** Bytes of all bodies. 64 MiB by default. */
  readonly allBodiesBytes: number;
  /** Bytes of the certificates that peers have shown, equal chains counted once. 16 MiB by default. */
  readonly certificateBytes: number;
}

const MIB = 1024 * 1024;

/** What holds where nothing else is said. */
export const defaultTransactionLimits: TransactionLimits = {
  transactions: 10_000,
  headBytes: 64 * MIB,
  bodyBytes: MIB,
  allBodiesBytes: 64 * MIB,
  certificateBytes: 16 * MIB,
};

/** One request that is kept, or was. */
export interface LoggedTransaction {
  /** From 1. */
  readonly id: number;
  readonly method: string;
  readonly url: string;
  readonly transaction: Transaction;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** `undefined` while it is under way. */
  readonly endedAt: number | undefined;
  readonly error: Error | undefined;
}

interface Entry extends LoggedTransaction {
  endedAt: number | undefined;
  error: Error | undefined;
  headBytes: number;
  bodyBytes: number;
}

/** Told of what changes. */
export interface LogListener {
  /** There is a new one, or one is otherwise than it was. */
  changed(id: number): void;
  /** Those below this id are kept no longer. */
  gone(below: number): void;
}

/**
 * The latest transactions of a manager with what was sent and received, within bounds. It is an observer: what it does with
 * a request is to note it down, and costs that request next to nothing.
 */
export class TransactionLog implements Observer {
  readonly #limits: TransactionLimits;
  readonly #listener: LogListener;
  readonly #now: () => number;
  /** In the order of their ids. */
  readonly #entries = new Map<number, Entry>();
  readonly #underWay = new Set<Entry>();
  readonly #certificates: KeptCertificates;
  #lastId = 0;
  #oldest = 1;
  /** Those before it have no bodies any more. */
  #oldestWithBodies = 1;
  #headBytes = 0;
  #bodyBytes = 0;

  constructor(limits: TransactionLimits, listener: LogListener, now: () => number) {
    this.#limits = limits;
    this.#certificates = new KeptCertificates(limits.certificateBytes);
    this.#listener = listener;
    this.#now = now;
  }

  /** The id of the request that began last; 0 before the first. */
  get lastId(): number {
    return this.#lastId;
  }

  /** The oldest that may be kept. */
  get oldest(): number {
    return this.#oldest;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What is held, roughly. */
  get heldBytes(): number {
    return this.#headBytes + this.#bodyBytes + this.#certificates.bytes;
  }

  find(id: number): LoggedTransaction | undefined {
    return this.#entries.get(id);
  }

  /** In the order in which they began. */
  list(): Iterable<LoggedTransaction> {
    return this.#entries.values();
  }

  underWay(): Iterable<LoggedTransaction> {
    return this.#underWay;
  }

  /** What the connection's peer has shown; `undefined` where there was nothing, and where it is kept no longer. */
  certificatesOf(connection: ConnectionFacts): PeerCertificates | undefined {
    return this.#certificates.of(connection);
  }

  /** Forgets them all; those that are under way are not shown when they end. */
  clear(): void {
    for (const entry of this.#entries.values()) this.#drop(entry);
    this.#certificates.clear();
    this.#oldest = this.#lastId + 1;
    this.#listener.gone(this.#oldest);
  }

  requestStarted({ method, url, transaction }: ObservedRequest): RequestObserver {
    const entry: Entry = {
      id: (this.#lastId += 1),
      method,
      url,
      transaction,
      startedAt: this.#now(),
      endedAt: undefined,
      error: undefined,
      headBytes: 0,
      bodyBytes: 0,
    };
    this.#entries.set(entry.id, entry);
    this.#underWay.add(entry);
    this.#listener.changed(entry.id);
    this.#makeRoom();
    const { bodyBytes, allBodiesBytes } = this.#limits;
    return {
      hopStarted: (hop) => {
        if (!this.#entries.has(entry.id)) return;
        // Another observer may want the fields alone, or less of the bodies.
        hop.messages = new HopMessages(Math.min(bodyBytes, allBodiesBytes / this.#underWay.size));
        this.#listener.changed(entry.id);
      },
      hopEnded: ({ connection }) => {
        if (connection !== undefined) this.#certificates.note(connection);
        this.#weigh(entry);
      },
      ended: (error) => {
        entry.endedAt = this.#now();
        entry.error = error;
        this.#underWay.delete(entry);
        this.#weigh(entry);
      },
    };
  }

  connectionOpened(connection: ConnectionFacts): void {
    this.#certificates.note(connection);
  }

  #weigh(entry: Entry): void {
    if (!this.#entries.has(entry.id)) return;
    const { hops } = entry.transaction;
    let bodies = 0;
    let all = 0;
    for (const { messages } of hops) {
      bodies += (messages?.requestBody?.bytes ?? 0) + (messages?.responseBody?.bytes ?? 0);
      all += messages?.bytes ?? 0;
    }
    this.#headBytes += all - bodies - entry.headBytes;
    this.#bodyBytes += bodies - entry.bodyBytes;
    entry.headBytes = all - bodies;
    entry.bodyBytes = bodies;
    this.#listener.changed(entry.id);
    this.#makeRoom();
  }

  #makeRoom(): void {
    const { transactions, headBytes, allBodiesBytes } = this.#limits;
    while (this.#bodyBytes > allBodiesBytes && this.#oldestWithBodies <= this.#lastId) {
      const entry = this.#entries.get(this.#oldestWithBodies);
      this.#oldestWithBodies += 1;
      if (entry !== undefined) this.#dropBodies(entry);
    }
    const before = this.#oldest;
    while (this.#entries.size > transactions || (this.#headBytes > headBytes && this.#entries.size > 1)) {
      const entry = this.#entries.get(this.#oldest);
      this.#oldest += 1;
      if (entry !== undefined) this.#drop(entry);
    }
    if (this.#oldest > before) this.#listener.gone(this.#oldest);
  }

  #drop(entry: Entry): void {
    this.#dropBodies(entry);
    this.#headBytes -= entry.headBytes;
    this.#entries.delete(entry.id);
    this.#underWay.delete(entry);
  }

  #dropBodies(entry: Entry): void {
    for (const { messages } of entry.transaction.hops) {
      messages?.requestBody?.giveUp();
      messages?.responseBody?.giveUp();
    }
    this.#bodyBytes -= entry.bodyBytes;
    entry.bodyBytes = 0;
  }
}

/** What is said of an error in a word: its code, or its name. */
export function errorWord(error: Error): string {
  return codedCauseOf(error)?.code ?? error.name;
}
