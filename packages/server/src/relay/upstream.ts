import { PolicyError, TimeoutError } from "@fairlead/core";
import { connectTls, type ConnectTlsOptions } from "@fairlead/tls/sockets";
import { connectTcp, connectUnix, formatPeer } from "@fairlead/transport";
import type { Duplex } from "node:stream";
import { afterFailure, afterTrial, type Candidate, type Health, type HealthPolicy, WELL } from "./protocol/health.ts";
import { parseTarget, type UpstreamTarget } from "./protocol/target.ts";
import { UpstreamConnection, type UpstreamConnectionEvents } from "./upstream-connection.ts";

/** How a server is asked who it is: verified, as every connection of Fairlead, unless told otherwise. */
export type UpstreamTls = Pick<
  ConnectTlsOptions,
  "backend" | "trust" | "identity" | "serverName" | "minVersion" | "maxVersion" | "dangerous" | "intermediates"
>;

/** How the connections to one server are kept. */
export interface UpstreamOptions {
  readonly tls: UpstreamTls | undefined;
  /** Connections at the same time; those that were upgraded do not count. */
  readonly connections: number;
  /** Requests that may wait for one. */
  readonly waiting: number;
  readonly connectMilliseconds: number;
  readonly health: HealthPolicy;
}

/** A request that waits until there may be one more connection, or one is free. */
type Waiter = PromiseWithResolvers<UpstreamConnection | "open">;

/** One server behind the proxy, and the connections to it. */
export class Upstream implements UpstreamConnectionEvents, Candidate {
  readonly target: UpstreamTarget;
  /** Named in errors. */
  readonly peer: string;
  readonly #options: UpstreamOptions;
  /** Those that serve nobody, the one that was used last at the end. */
  readonly #free: UpstreamConnection[] = [];
  readonly #all = new Set<UpstreamConnection>();
  readonly #waiters = new Set<Waiter>();
  #opening = 0;
  #isClosed = false;
  /** Requests under way. */
  active = 0;
  health: Health = WELL;

  constructor(text: string, options: UpstreamOptions) {
    this.target = parseTarget(text);
    this.peer = this.target.type === "unix" ? this.target.path : formatPeer(this.target.host, this.target.port);
    this.#options = options;
  }

  /** Whether nothing is open, and nobody waits. */
  get isIdle(): boolean {
    return this.active === 0 && this.#all.size === 0 && this.#opening === 0 && this.#waiters.size === 0;
  }

  /**
   * Gives a connection that nobody uses, or opens one.
   *
   * @param isNew takes only one that has never been used.
   * @throws PolicyError CONNECTION_LIMIT; TransportError, TlsError, TimeoutError with phase `connect`; the signal's reason.
   */
  async acquire(signal: AbortSignal, isNew = false): Promise<UpstreamConnection> {
    signal.throwIfAborted();
    if (this.#isClosed) throw new PolicyError("CONNECTION_LIMIT", { peer: this.peer, detail: "the proxy is closed" });
    const free = isNew ? undefined : this.#free.pop();
    if (free !== undefined) return free;
    if (this.#all.size + this.#opening >= this.#options.connections) {
      // One that was used would make room for one that must not have been.
      if (isNew) this.#free.shift()?.end();
      const given = this.#all.size + this.#opening < this.#options.connections ? "open" : await this.#wait(signal);
      if (given !== "open") return given;
    }
    return this.#open(signal);
  }

  failed(now: number): void {
    this.health = afterFailure(this.health, this.#options.health, now);
  }

  tried(now: number): void {
    this.health = afterTrial(this.health, this.#options.health, now);
  }

  succeeded(): void {
    if (this.health !== WELL) this.health = WELL;
  }

  onFree(connection: UpstreamConnection): void {
    if (this.#isClosed) {
      connection.end();
      return;
    }
    const [waiter] = this.#waiters;
    if (waiter === undefined) {
      this.#free.push(connection);
      return;
    }
    this.#waiters.delete(waiter);
    waiter.resolve(connection);
  }

  onGone(connection: UpstreamConnection): void {
    this.#all.delete(connection);
    const index = this.#free.indexOf(connection);
    if (index !== -1) this.#free.splice(index, 1);
    this.#letOneOpen();
  }

  /** Closes connections that nobody uses, and the others when they are free. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#free.splice(0)) connection.end();
    for (const waiter of this.#waiters) {
      waiter.reject(new PolicyError("CONNECTION_LIMIT", { peer: this.peer, detail: "the proxy is closed" }));
    }
    this.#waiters.clear();
  }

  async #wait(signal: AbortSignal): Promise<UpstreamConnection | "open"> {
    const { waiting, connectMilliseconds } = this.#options;
    if (this.#waiters.size >= waiting) throw new PolicyError("CONNECTION_LIMIT", { peer: this.peer });
    const waiter: Waiter = Promise.withResolvers();
    this.#waiters.add(waiter);
    const onAbort = (): void => {
      waiter.reject(signal.reason);
    };
    const timer = setTimeout(() => {
      waiter.reject(new PolicyError("CONNECTION_LIMIT", { peer: this.peer, operation: "connect" }));
    }, connectMilliseconds);
    signal.addEventListener("abort", onAbort);
    try {
      return await waiter.promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      this.#waiters.delete(waiter);
    }
  }

  #letOneOpen(): void {
    const [waiter] = this.#waiters;
    if (waiter === undefined || this.#all.size + this.#opening >= this.#options.connections) return;
    this.#waiters.delete(waiter);
    waiter.resolve("open");
  }

  async #open(signal: AbortSignal): Promise<UpstreamConnection> {
    this.#opening += 1;
    try {
      const stream = await this.#connect(signal);
      const connection = new UpstreamConnection(stream, this.peer, this);
      this.#all.add(connection);
      return connection;
    } finally {
      this.#opening -= 1;
      this.#letOneOpen();
    }
  }

  async #connect(client: AbortSignal): Promise<Duplex> {
    const { connectMilliseconds, tls } = this.#options;
    const deadline = AbortSignal.timeout(connectMilliseconds);
    const signal = AbortSignal.any([client, deadline]);
    const { target, peer } = this;
    try {
      if (target.type === "unix") return await connectUnix({ path: target.path, signal });
      const stream = await connectTcp({ host: target.host, port: target.port, signal });
      if (!target.isSecure) return stream;
      return await connectTls(stream, { ...tls, host: target.host, alpnProtocols: ["http/1.1"], peer, signal });
    } catch (error) {
      client.throwIfAborted();
      if (deadline.aborted) throw new TimeoutError("connect", { peer, operation: "connect", cause: error });
      throw error;
    }
  }
}
