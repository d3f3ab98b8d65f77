import { X509Certificate } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { PolicyError, TlsError, TransportError, UsageError } from "@fairlead/core";
import { formatPeer, transportErrorFrom } from "@fairlead/transport";
import { certificateMatchesHost, serverNameIndication } from "../certificates/host.ts";
import type { IdentityQuestion, TlsAcceptOptions, TlsBackend, TlsIdentity, TlsSocket } from "../contract.ts";
import { nodeTls } from "../node/index.ts";
import { firstChunk } from "./first-chunk.ts";
import { defaultHandshakeTimeoutMilliseconds, holdToDeadline, withinDeadline } from "./handshake-deadline.ts";
import { openingOf } from "./protocol/opening-bytes.ts";
import { ticketKeySchedule, type TicketKeySchedule } from "./ticket-keys.ts";

/** What a server offers, and how much it takes on. */
export interface TlsServerOptions extends Omit<TlsAcceptOptions, "peer" | "signal" | "ticketKeys"> {
  /** `nodeTls` by default. */
  readonly backend?: TlsBackend | undefined;
  /**
   * `tls` by default, and what is recommended: a client that speaks plain HTTP is answered with a 400 that says so. With
   * `either` the first byte decides, which suits protocols in which the client speaks first; with `plain` nothing is
   * secured.
   */
  readonly protocol?: "tls" | "either" | "plain" | undefined;
  /** `ticketKeySchedule()` by default: new keys twice a day, of this server alone. */
  readonly ticketKeys?: TicketKeySchedule | undefined;
  /** From the connection to the end of the handshake; 10,000 by default. */
  readonly handshakeTimeoutMilliseconds?: number | undefined;
  /** Connections that are not secure yet; more are closed at once. 1,000 by default. */
  readonly maxPendingHandshakes?: number | undefined;
  /** Connections in all; more are closed at once. Not limited by default. */
  readonly maxConnections?: number | undefined;
}

/** Where to listen. */
export type ListenAddress =
  | { readonly port: number /** All addresses by default. */; readonly host?: string | undefined }
  | { readonly path: string };

/** A connection that is ready to be used. Its socket belongs to whoever listens. */
export type ServerConnection =
  | {
      readonly type: "secure";
      readonly socket: TlsSocket;
      readonly peer: string | undefined;
      /** What the client asked for, in lower case; also by a client that the certificate is not chosen for by name. */
      readonly serverName: string | undefined;
    }
  | { readonly type: "plain"; readonly socket: Duplex; readonly peer: string | undefined };

/** A connection that failed. The server goes on. */
export interface ConnectionFailure {
  /** `TLS_NOT_SPOKEN` with the detail `plain HTTP` for a client that took the wrong scheme. */
  readonly error: Error;
  readonly peer: string | undefined;
  /** `established` errors are told to the socket's own listeners as well. */
  readonly phase: "handshake" | "established";
}

/** What a server tells. */
export interface TlsServerEvents {
  connection: [connection: ServerConnection];
  connectionError: [failure: ConnectionFailure];
  close: [];
}

/**
 * Makes a server for TLS, plain streams, or both on one port; `listen` or `secure` starts it. Errors of a connection never
 * end the process: they are `connectionError` events.
 *
 * @throws UsageError OPTION_INVALID when it has neither identity nor psk to be secure with.
 *
 * @example
 * const server = tlsServer({ identity: identitiesByName({ "a.example": a, "*.b.example": b }) });
 * server.on("connection", ({ socket }) => socket.pipe(socket));
 * const { port } = await server.listen({ port: 0, host: "localhost" });
 */
export function tlsServer(options: TlsServerOptions): TlsServer {
  return new TlsServer(options);
}

/** A running server; see {@link tlsServer}. */
export class TlsServer extends EventEmitter<TlsServerEvents> implements AsyncDisposable {
  readonly #options: TlsServerOptions;
  readonly #listeners = new Set<Server>();
  readonly #pending = new Map<AbortController, Promise<void>>();
  readonly #open = new Set<Duplex>();
  #identity: TlsIdentity | IdentityQuestion | undefined;
  #ticketKeys: TicketKeySchedule;
  #closed: Promise<void> | undefined;

  constructor(options: TlsServerOptions) {
    super();
    if (options.protocol !== "plain" && options.identity === undefined && options.psk === undefined) {
      throw new UsageError("OPTION_INVALID", { detail: "identity", remedy: "give a certificate and its key, or psk" });
    }
    this.#options = options;
    this.#identity = options.identity;
    this.#ticketKeys = options.ticketKeys ?? ticketKeySchedule();
  }

  /** How many connections there are, by how far they have come. */
  get connections(): { readonly pending: number; readonly established: number } {
    return { pending: this.#pending.size, established: this.#open.size };
  }

  /** Shows another certificate to connections that begin from now on. */
  setIdentity(identity: TlsIdentity | IdentityQuestion): void {
    this.#identity = identity;
  }

  /** Whether a client that asks for `host`, a name or an IP literal without brackets, is shown a certificate for it. */
  async hasCertificateFor(host: string, signal: AbortSignal): Promise<boolean> {
    const hello = { serverName: serverNameIndication(host), alpnProtocols: [], keyTypes: [] };
    const identity = typeof this.#identity === "function" ? await this.#identity(hello, signal) : this.#identity;
    return identity !== undefined && certificateMatchesHost(new X509Certificate(identity.certificate), host);
  }

  /** Encrypts tickets of connections that begin from now on by another schedule. */
  setTicketKeys(schedule: TicketKeySchedule): void {
    this.#ticketKeys = schedule;
  }

  /**
   * Listens on a TCP port or a Unix socket; may be called for several.
   *
   * @returns where: with the port that the system chose, or the path.
   * @throws TransportError ADDRESS_IN_USE, PERMISSION_DENIED or another.
   */
  async listen(address: { readonly port: number; readonly host?: string | undefined }): Promise<AddressInfo>;
  async listen(address: { readonly path: string }): Promise<string>;
  async listen(address: ListenAddress): Promise<AddressInfo | string> {
    this.#requireOpen();
    const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) =>
      this.secure(socket, peerOf(socket)),
    );
    const peer = "path" in address ? address.path : formatPeer(address.host ?? "*", address.port);
    try {
      server.listen(address);
      await once(server, "listening");
    } catch (cause) {
      throw transportErrorFrom(cause, { peer, operation: "listen" });
    }
    // Too many open files, for one: connections fail, the server does not.
    server.on("error", (error) => this.#report(transportErrorFrom(error, { peer, operation: "accept" }), undefined));
    this.#listeners.add(server);
    // Closed while it began to listen.
    if (this.#closed !== undefined) server.close();
    const bound = server.address();
    return bound ?? peer;
  }

  /** Takes a stream that came from elsewhere as if it had been accepted here; it is the server's from now on. */
  secure(below: Duplex, peer?: string): void {
    const { maxConnections = Infinity } = this.#options;
    const full = this.#pending.size + this.#open.size >= maxConnections;
    if (this.#closed !== undefined || full || this.#isBusy) {
      below.on("error", () => undefined).destroy();
      if (this.#closed === undefined)
        this.#report(limitError(full ? "maxConnections" : "maxPendingHandshakes", peer), peer);
      return;
    }
    this.accept(below, peer).then(
      (connection) => this.#establish(connection),
      (error: unknown) => this.#report(error instanceof Error ? error : new Error(String(error)), peer),
    );
  }

  /**
   * As {@link secure}, for who keeps account of connections: it is the caller's, no event tells of it, and neither
   * `maxConnections` nor `close` are about it. `below` is destroyed when this rejects.
   *
   * @throws PolicyError CONNECTION_LIMIT beyond `maxPendingHandshakes`; TransportError STREAM_CLOSED when the server is
   * closed, or the client left without a byte; TimeoutError; TlsError.
   */
  async accept(below: Duplex, peer?: string): Promise<ServerConnection> {
    // What it fails with is told by whoever waits for it.
    below.on("error", () => undefined);
    const ending = new AbortController();
    try {
      this.#requireOpen();
      if (this.#isBusy) throw limitError("maxPendingHandshakes", peer);
      const preparing = this.#prepare(below, peer, ending.signal);
      this.#pending.set(
        ending,
        preparing.then(
          () => undefined,
          () => undefined,
        ),
      );
      return await preparing;
    } catch (error) {
      below.destroy();
      throw error;
    } finally {
      this.#pending.delete(ending);
    }
  }

  /**
   * Takes no more connections and gives up those that are not secure yet; resolves when the others have ended, which they
   * get `graceMilliseconds` for (10,000 by default) before they are cut. A second call waits for the first.
   */
  close({ graceMilliseconds = 10_000 }: { readonly graceMilliseconds?: number } = {}): Promise<void> {
    this.#closed ??= this.#close(graceMilliseconds);
    return this.#closed;
  }

  /** Cuts everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await this.close({ graceMilliseconds: 0 });
  }

  async #close(graceMilliseconds: number): Promise<void> {
    const closing: Promise<unknown>[] = [...this.#listeners].map((server) => {
      const closed = once(server, "close");
      server.close();
      return closed;
    });
    for (const [ending, preparing] of this.#pending) {
      ending.abort(new TransportError("STREAM_CLOSED", { operation: "secure" }));
      closing.push(preparing);
    }
    const timer = setTimeout(() => {
      for (const socket of this.#open) socket.destroy();
    }, graceMilliseconds);
    closing.push(...[...this.#open].map(closeOf));
    await Promise.all(closing);
    clearTimeout(timer);
    this.emit("close");
  }

  async #prepare(below: Duplex, peer: string | undefined, signal: AbortSignal): Promise<ServerConnection> {
    const {
      backend = nodeTls,
      protocol = "tls",
      handshakeTimeoutMilliseconds: milliseconds = defaultHandshakeTimeoutMilliseconds,
    } = this.#options;
    if (protocol === "plain") return { type: "plain", socket: below, peer };
    return withinDeadline({ milliseconds, signal, peer }, async (ended) => {
      const opening = openingOf(await firstChunk(below, peer, ended));
      if (opening !== "tls" && protocol === "either") return { type: "plain", socket: below, peer };
      if (opening === "http") {
        await written(below, httpsRequired, ended);
        throw new TlsError("TLS_NOT_SPOKEN", { peer, operation: "secure", detail: "plain HTTP" });
      }
      const identity = this.#identity;
      let serverName: string | undefined;
      const noted: IdentityQuestion = (hello, asked) => {
        serverName = hello.serverName;
        return typeof identity === "function" ? identity(hello, asked) : identity;
      };
      const socket = await backend.accept(below, {
        ...this.#options,
        identity: identity && noted,
        ticketKeys: this.#ticketKeys(Date.now()),
        peer,
        signal: ended,
      });
      return { type: "secure", socket: holdToDeadline(socket, { milliseconds, peer }), peer, serverName };
    });
  }

  #establish(connection: ServerConnection): void {
    const { socket, peer } = connection;
    if (this.#closed !== undefined) {
      socket.destroy();
      return;
    }
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
    socket.on("error", (error: Error) => this.emit("connectionError", { error, peer, phase: "established" }));
    // Nobody would ever close it.
    if (!this.emit("connection", connection)) socket.destroy();
  }

  get #isBusy(): boolean {
    return this.#pending.size >= (this.#options.maxPendingHandshakes ?? 1_000);
  }

  #report(error: Error, peer: string | undefined): void {
    this.emit("connectionError", { error, peer, phase: "handshake" });
  }

  #requireOpen(): void {
    if (this.#closed !== undefined) throw new TransportError("STREAM_CLOSED", { operation: "listen" });
  }
}

/** Says what a browser's user can act on, and reflects nothing. RFC 9110 section 15.5.1. */
const httpsRequired =
  "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 31\r\nConnection: close\r\n\r\n" +
  "This port speaks TLS: use https";

function limitError(detail: "maxConnections" | "maxPendingHandshakes", peer: string | undefined): PolicyError {
  return new PolicyError("CONNECTION_LIMIT", { peer, detail });
}

function peerOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return remoteAddress === undefined || remotePort === undefined ? undefined : formatPeer(remoteAddress, remotePort);
}

/** Waits until it is out, or the signal fires. */
function written(below: Duplex, text: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    below.once("close", resolve);
    below.end(text, resolve);
  });
}

function closeOf(stream: Duplex): Promise<unknown> {
  // Not `once` of node:events, which would reject with the stream's error.
  return new Promise<void>((resolve) => {
    stream.once("close", resolve);
  });
}
