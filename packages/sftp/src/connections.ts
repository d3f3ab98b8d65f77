import { untilAborted, type SchemeRequest } from "@fairlead/access";
import { PolicyError, UsageError } from "@fairlead/core";
import type { Connection } from "./connection.ts";
import { openConnection, type ConnectionSettings } from "./open-connection.ts";
import type { SftpTarget } from "./target.ts";

/** A connection that is in use for one request. */
export interface Lease {
  readonly connection: Connection;
  /** Whether it was there before: then it may have died unseen. */
  readonly isReused: boolean;
  /** Gives it back. Calling that twice is harmless. */
  release(): void;
}

interface Opening {
  readonly connection: Promise<Connection>;
  /** Of the request that it is made for, whose ways and answers are used. */
  readonly opener: AbortSignal;
  readonly nobodyWaits: AbortController;
  waiting: number;
}

/** The connections of a handler: one for each server, user, partition and asker, for all requests that go there. */
export class Connections {
  readonly #settings: ConnectionSettings;
  readonly #limit: number;
  readonly #open = new Map<string, Connection>();
  readonly #opening = new Map<string, Opening>();
  /** All that have not ended, those that take no further request included. */
  readonly #all = new Set<Connection>();
  /** Who answers what: a connection that one has opened by answers is not given to another. */
  readonly #askers = new WeakMap<object, number>();
  #askersSeen = 0;
  #isClosed = false;

  constructor(settings: ConnectionSettings, limit: number) {
    this.#settings = settings;
    this.#limit = limit;
  }

  /** Finds or opens the connection for a request. @throws what opening throws; PolicyError CONNECTION_LIMIT */
  async lease(target: SftpTarget, request: SchemeRequest): Promise<Lease> {
    const { signal } = request;
    const { username, host, port } = target;
    const key = JSON.stringify([request.partition, this.#nameOf(request.asker), username, host, port]);
    for (;;) {
      if (this.#isClosed) throw new UsageError("MANAGER_CLOSED", { peer: target.peer, operation: "request" });
      signal.throwIfAborted();
      const known = this.#open.get(key);
      if (known?.isUsable === true) return { connection: known, isReused: true, release: known.use() };
      const joined = this.#opening.get(key);
      const opening = joined ?? this.#begin(key, target, request);
      try {
        const connection = await wait(opening, signal);
        if (connection.isUsable) return { connection, isReused: false, release: connection.use() };
      } catch (error) {
        // Whoever it was opened for has gone, and what was to be opened went with that: another one opens it.
        if (signal.aborted || joined?.opener.aborted !== true) throw error;
      }
    }
  }

  /** Ends all connections and all that use them. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const openings = [...this.#opening.values()];
    for (const { nobodyWaits } of openings) nobodyWaits.abort(new UsageError("MANAGER_CLOSED"));
    for (const connection of [...this.#all]) connection.end(new UsageError("MANAGER_CLOSED"));
    await Promise.allSettled(openings.map(({ connection }) => connection));
  }

  #nameOf(asker: object | undefined): number {
    if (asker === undefined) return 0;
    const known = this.#askers.get(asker);
    if (known !== undefined) return known;
    this.#askersSeen += 1;
    this.#askers.set(asker, this.#askersSeen);
    return this.#askersSeen;
  }

  #begin(key: string, target: SftpTarget, request: SchemeRequest): Opening {
    this.#makeRoom(target.peer);
    const nobodyWaits = new AbortController();
    const connection = openConnection(this.#settings, target, request, nobodyWaits.signal).then((opened) => {
      this.#keep(key, opened);
      return opened;
    });
    const opening: Opening = { connection, opener: request.signal, nobodyWaits, waiting: 0 };
    this.#opening.set(key, opening);
    const end = (): void => {
      if (this.#opening.get(key) === opening) this.#opening.delete(key);
    };
    connection.then(end, end);
    return opening;
  }

  #keep(key: string, connection: Connection): void {
    if (this.#isClosed) {
      connection.end();
      return;
    }
    this.#open.set(key, connection);
    this.#all.add(connection);
    void connection.ended.then(() => {
      this.#all.delete(connection);
      if (this.#open.get(key) === connection) this.#open.delete(key);
    });
  }

  /** Ends the oldest connection that nobody uses when there are too many. */
  #makeRoom(peer: string): void {
    if (this.#all.size + this.#opening.size < this.#limit) return;
    const idle = [...this.#all].find(({ isIdle }) => isIdle);
    if (idle === undefined) throw new PolicyError("CONNECTION_LIMIT", { peer, operation: "connect" });
    this.#all.delete(idle);
    idle.end();
  }
}

/** Waits with all others for a connection; when the last of them has gone it is not opened any more. */
async function wait(opening: Opening, signal: AbortSignal): Promise<Connection> {
  opening.waiting += 1;
  try {
    return await untilAborted([signal], () => opening.connection);
  } finally {
    opening.waiting -= 1;
    if (opening.waiting === 0) opening.nobodyWaits.abort(signal.reason);
  }
}
