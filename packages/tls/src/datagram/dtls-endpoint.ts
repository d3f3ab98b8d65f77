import { TlsError, TransportError, UsageError } from "@fairlead/core";
import { formatPeer, type DatagramAddress, type DatagramEndpoint } from "@fairlead/transport";
import { systemClock, type Clock } from "./clock.ts";
import type { DtlsAcceptOptions, DtlsBackend, DtlsConnectOptions, DtlsSocket } from "./contract.ts";
import { cookieGate, type CookieGate } from "./cookie-gate.ts";
import { PeerPath } from "./peer-path.ts";
import type { ClientHello } from "./protocol/client-hello.ts";

/** What an endpoint does with its peers. */
export interface DtlsEndpointOptions {
  /** A `TlsBackend` that has datagrams. */
  readonly backend: Partial<DtlsBackend> & { readonly name: string };
  /** How clients are accepted; none are by default. */
  readonly accept?: Omit<DtlsAcceptOptions, "signal" | "verified" | "clock"> | undefined;
  /** Called for each client that has finished its handshake. Must not throw. */
  readonly onSession?: ((socket: DtlsSocket, peer: DatagramAddress) => void) | undefined;
  /** Called for each client whose handshake failed after its address was verified. Must not throw. */
  readonly onFailure?: ((error: unknown, peer: DatagramAddress) => void) | undefined;
  /** Handshakes of clients at once, 256 by default; the oldest gives way, of the same address where there is one. */
  readonly maxHandshakes?: number | undefined;
  /** Sessions at once, 10,000 by default; the one that was silent for longest gives way. */
  readonly maxSessions?: number | undefined;
  /** A session in which nothing authentic is received for so long is closed; 5 minutes by default. */
  readonly idleMilliseconds?: number | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
}

/** DTLS with many peers over one datagram endpoint, as server, client or both. */
export interface DtlsEndpoint extends AsyncDisposable {
  readonly address: DatagramAddress;
  /** Handshakes that are under way, of clients and with servers. */
  readonly handshakes: number;
  readonly sessions: number;
  /**
   * Secures a path to a server, from the endpoint's own address.
   *
   * @throws as `DtlsBackend.connectDatagram`; UsageError OPTION_INVALID when there is a session with this peer already.
   */
  connect(peer: DatagramAddress, options: Omit<DtlsConnectOptions, "clock">): Promise<DtlsSocket>;
  /** Closes all sessions and the endpoint below. */
  close(): Promise<void>;
}

/**
 * Runs DTLS over an endpoint, which it owns from then on. Nothing is kept of a client, and nothing larger is sent to it
 * than it sent, before it has returned a cookie. A client that comes again from the same address, because it was
 * restarted, replaces its session when the new handshake is complete, and not before (RFC 6347 section 4.2.8).
 *
 * @throws TlsError TLS_OPTION_UNSUPPORTED when the backend has no datagrams; UsageError OPTION_INVALID.
 *
 * @example
 * const endpoint = dtlsEndpoint(await openUdp({ host: "::", port: 5684 }), {
 *   backend: loadOpensslTls(),
 *   accept: { psk: (identity) => keys.get(identity) },
 *   onSession: (socket) => socket.on("message", (bytes) => socket.send(bytes)),
 * });
 */
export function dtlsEndpoint(below: DatagramEndpoint, options: DtlsEndpointOptions): DtlsEndpoint {
  return new Endpoint(below, options);
}

/** One handshake, and the session that may come of it. */
interface Association {
  readonly path: PeerPath;
  readonly address: DatagramAddress;
  /** Of the client's hello; `undefined` where this side is the client. */
  readonly random: Uint8Array | undefined;
  readonly controller: AbortController;
  socket: DtlsSocket | undefined;
  activeAt: number;
}

class Endpoint implements DtlsEndpoint {
  readonly #below: DatagramEndpoint;
  readonly #options: DtlsEndpointOptions;
  readonly #backend: DtlsBackend;
  readonly #clock: Clock;
  readonly #gate: CookieGate;
  /** By peer. In both maps those that were active last come last. */
  readonly #handshaking = new Map<string, Association>();
  readonly #established = new Map<string, Association>();
  readonly #idleMilliseconds: number;
  #cancelSweep: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(below: DatagramEndpoint, options: DtlsEndpointOptions) {
    const { backend, accept, clock = systemClock, idleMilliseconds = 300_000 } = options;
    this.#backend = requireDatagrams(backend);
    for (const name of ["maxHandshakes", "maxSessions", "idleMilliseconds"] as const) {
      if ((options[name] ?? 1) >= 1) continue;
      throw new UsageError("OPTION_INVALID", { detail: name, remedy: "give a positive number" });
    }
    if (accept !== undefined && accept.identity === undefined && accept.psk === undefined) {
      throw new UsageError("OPTION_INVALID", { detail: "accept", remedy: "give an identity, a psk, or both" });
    }
    this.#below = below;
    this.#options = options;
    this.#clock = clock;
    this.#gate = cookieGate(clock);
    this.#idleMilliseconds = idleMilliseconds;
    below.on("message", this.#onMessage);
    below.on("unreachable", this.#onUnreachable);
  }

  get address(): DatagramAddress {
    return this.#below.address;
  }

  get handshakes(): number {
    return this.#handshaking.size;
  }

  get sessions(): number {
    return this.#established.size;
  }

  async connect(peer: DatagramAddress, options: Omit<DtlsConnectOptions, "clock">): Promise<DtlsSocket> {
    const { signal } = options;
    signal?.throwIfAborted();
    const name = formatPeer(peer.host, peer.port);
    if (this.#handshaking.has(name) || this.#established.has(name)) {
      throw new UsageError("OPTION_INVALID", { peer: name, detail: "peer", remedy: "use the session that there is" });
    }
    const association = this.#open(peer, undefined);
    if (this.#closing !== undefined) association.path.close();
    const onAbort = (): void => association.controller.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    try {
      const socket = await this.#backend.connectDatagram(association.path, {
        ...options,
        clock: this.#clock,
        signal: association.controller.signal,
      });
      this.#establish(association, socket);
      return socket;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#forget(this.#handshaking, association);
    }
  }

  close(): Promise<void> {
    if (this.#closing !== undefined) return this.#closing;
    this.#cancelSweep?.();
    this.#below.off("message", this.#onMessage);
    this.#below.off("unreachable", this.#onUnreachable);
    const reason = new TransportError("STREAM_CLOSED", { operation: "secure", detail: "the endpoint was closed" });
    for (const { controller } of [...this.#handshaking.values()]) controller.abort(reason);
    for (const { socket } of [...this.#established.values()]) socket?.close();
    this.#closing = this.#below.close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #onMessage = (bytes: Buffer, from: DatagramAddress): void => {
    const name = formatPeer(from.host, from.port);
    const handshaking = this.#handshaking.get(name);
    const established = this.#established.get(name);
    const isStranger = handshaking === undefined && established === undefined;
    if (isStranger || mayBeClientHello(bytes)) {
      const { accept } = this.#options;
      // While this side is the client of a handshake, the peer is the server of it.
      if (accept === undefined || (handshaking !== undefined && handshaking.random === undefined)) return;
      const decision = this.#gate.decide(bytes, name);
      if (decision.type === "verify") this.#below.send(decision.answer, from);
      if (decision.type !== "accept") return;
      const { hello } = decision;
      // A copy of what was heard already, or the network's.
      if (isSame(hello, established)) return;
      if (!isSame(hello, handshaking)) {
        this.#accept(accept, bytes, hello, from);
        return;
      }
    }
    handshaking?.path.emit("message", bytes);
    established?.path.emit("message", bytes);
  };

  readonly #onUnreachable = (error: TransportError): void => {
    const name = error.peer ?? "";
    this.#handshaking.get(name)?.path.emit("unreachable", error);
    this.#established.get(name)?.path.emit("unreachable", error);
  };

  #accept(
    accept: NonNullable<DtlsEndpointOptions["accept"]>,
    datagram: Buffer,
    hello: ClientHello,
    from: DatagramAddress,
  ): void {
    const { maxHandshakes = 256 } = this.#options;
    const busy = new TransportError("STREAM_CLOSED", { operation: "secure", detail: "a newer handshake came first" });
    const name = formatPeer(from.host, from.port);
    this.#handshaking.get(name)?.controller.abort(busy);
    if (this.#handshaking.size >= maxHandshakes) {
      const begun = [...this.#handshaking.values()].filter(({ random }) => random !== undefined);
      // Whoever fills the room makes it: one address cannot push out the others.
      const oldest = begun.find(({ address }) => address.host === from.host) ?? begun[0];
      oldest?.controller.abort(busy);
    }
    const association = this.#open(from, hello.random);
    const { signal } = association.controller;
    const options = { ...accept, clock: this.#clock, signal, verified: { datagram, hello } };
    this.#backend.acceptDatagram(association.path, options).then(
      (socket) => {
        this.#forget(this.#handshaking, association);
        this.#establish(association, socket);
        if (!socket.closed) this.#options.onSession?.(socket, from);
      },
      (error: unknown) => {
        this.#forget(this.#handshaking, association);
        this.#options.onFailure?.(error, from);
      },
    );
  }

  #open(address: DatagramAddress, random: Uint8Array | undefined): Association {
    const path = new PeerPath(this.#below, address);
    const controller = new AbortController();
    const association = { path, address, random, controller, socket: undefined, activeAt: 0 };
    this.#handshaking.set(path.peer, association);
    // At once, and not only when a promise is heard: a new one may come in the same turn.
    path.once("close", () => this.#forget(this.#handshaking, association));
    return association;
  }

  #establish(association: Association, socket: DtlsSocket): void {
    const { maxSessions = 10_000 } = this.#options;
    const { peer } = association.path;
    this.#established.get(peer)?.socket?.close();
    if (this.#established.size >= maxSessions) {
      const [quietest] = this.#established.values();
      quietest?.socket?.close();
    }
    if (this.#closing !== undefined) socket.close();
    if (socket.closed) return;
    association.socket = socket;
    this.#touch(association);
    socket.on("message", () => this.#touch(association));
    socket.once("close", () => this.#forget(this.#established, association));
    this.#cancelSweep ??= this.#clock.schedule(this.#idleMilliseconds, this.#sweep);
  }

  #touch(association: Association): void {
    const { peer } = association.path;
    association.activeAt = this.#clock.now();
    this.#established.delete(peer);
    this.#established.set(peer, association);
  }

  /** Closes the sessions that are silent for too long, and comes again when the next may be. */
  readonly #sweep = (): void => {
    this.#cancelSweep = undefined;
    for (const { socket, activeAt } of [...this.#established.values()]) {
      const left = activeAt + this.#idleMilliseconds - this.#clock.now();
      if (left > 0) {
        this.#cancelSweep = this.#clock.schedule(left, this.#sweep);
        return;
      }
      socket?.close();
    }
  };

  #forget(map: Map<string, Association>, association: Association): void {
    const { peer } = association.path;
    if (map.get(peer) === association) map.delete(peer);
  }
}

function requireDatagrams({ name, connectDatagram, acceptDatagram }: DtlsEndpointOptions["backend"]): DtlsBackend {
  if (connectDatagram !== undefined && acceptDatagram !== undefined) return { connectDatagram, acceptDatagram };
  throw new TlsError("TLS_OPTION_UNSUPPORTED", {
    detail: `datagrams over '${name}'`,
    remedy: "use the backend 'openssl' or 'gnutls'",
  });
}

/** A handshake record in the clear that begins with a ClientHello. */
function mayBeClientHello(bytes: Buffer): boolean {
  return bytes[0] === 22 && bytes[3] === 0 && bytes[4] === 0 && bytes[13] === 1;
}

function isSame({ random }: ClientHello, association: Association | undefined): boolean {
  return association?.random !== undefined && Buffer.compare(random, association.random) === 0;
}
