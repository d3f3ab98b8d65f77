import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { type FairleadError, PolicyError, TimeoutError, TransportError } from "@fairlead/core";
import { formatPeer, transportErrorFrom } from "@fairlead/transport";
import { tlsServer, type ListenAddress, type TlsServer } from "@fairlead/tls/sockets";
import type { ConnectionFacts } from "../exchange/index.ts";
import type { Admission } from "./admission.ts";
import { checkIdentity } from "./check-identity.ts";
import { endsOf, type StreamEnds } from "./endpoints.ts";
import { readFirst } from "./read-first.ts";
import { isProxyHead, takeProxyHead, withProxyHead, type ProxyProtocolOptions } from "./proxy-protocol.ts";
import { refuse } from "./refuse.ts";
import { tlsFactsOf } from "./tls-facts.ts";
import { trustedSenders, type TrustedSenders } from "./trusted-senders.ts";
import type { ListenTlsOptions } from "./tls-options.ts";

/** A connection that HTTP can be spoken on. It is the receiver's: `stream` has a listener for errors, and nothing else. */
export interface IncomingConnection {
  readonly stream: Duplex;
  readonly facts: ConnectionFacts;
  /** What was read of it to find out what is spoken; often nothing. */
  readonly first: Uint8Array;
  readonly version: "1" | "2";
  /** It is plain on a port for TLS: whatever it asks for, it is sent to https. */
  readonly redirects: boolean;
}

/** How connections are received. */
export interface ListenerOptions {
  /** Secures connections; without it they are plain. */
  readonly tls?: ListenTlsOptions | undefined;
  /** Lets in everybody by default. */
  readonly admission?: Admission | undefined;
  /** Reads who the client is from what a load balancer sends in front; from nobody by default. */
  readonly proxyProtocol?: ProxyProtocolOptions | undefined;
  /** How long a client may wait before it says what it speaks, on a connection that stands; 60,000 by default. */
  readonly idleMilliseconds?: number | undefined;
  /** Takes a connection. */
  readonly onConnection: (connection: IncomingConnection) => void;
  /** Is told of one that came to nothing. One that was closed without a byte is no failure. */
  readonly onFailure?: ((error: FairleadError, facts: ConnectionFacts) => void) | undefined;
}

/**
 * Receives connections, from ports, Unix sockets and whoever hands in a stream, up to the point where HTTP can be spoken.
 *
 * @throws UsageError OPTION_INVALID
 */
export function createListener(options: ListenerOptions): Listener {
  return new Listener(options);
}

/** See {@link createListener}. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #servers = new Set<Server>();
  readonly #senders: TrustedSenders;
  readonly #waiting = new Set<AbortController>();
  /** Those that HTTP is not spoken on yet. */
  readonly #attempts = new Set<Promise<void>>();
  readonly #over = Promise.withResolvers<undefined>();
  /** `undefined` without TLS. Its settings may change while it runs. */
  readonly tls: TlsServer | undefined;
  #heads = 0;
  /** Refused, and about to hear it. */
  #turningAway = 0;
  #count = 0;
  #closed: Promise<void> | undefined;
  #isOver = false;

  constructor(options: ListenerOptions) {
    const { tls } = options;
    this.#options = options;
    this.#senders = trustedSenders(options.proxyProtocol?.from ?? [], "proxyProtocol.from");
    if (typeof tls?.identity === "object") checkIdentity(tls.identity);
    this.tls =
      tls &&
      tlsServer({
        ...tls,
        alpnProtocols: tls.alpnProtocols ?? ["h2", "http/1.1"],
        protocol: tls.plain === "refuse" ? "tls" : "either",
      });
  }

  /**
   * Listens on a TCP port or a Unix socket; may be called for several.
   *
   * @returns where: with the port that the system chose, or the path.
   * @throws TransportError ADDRESS_IN_USE, PERMISSION_DENIED or another.
   */
  async listen(address: { readonly port: number; readonly host?: string | undefined }): Promise<AddressInfo>;
  async listen(address: { readonly path: string }): Promise<string>;
  async listen(address: ListenAddress): Promise<AddressInfo | string>;
  async listen(address: ListenAddress): Promise<AddressInfo | string> {
    const peer = "path" in address ? address.path : formatPeer(address.host ?? "*", address.port);
    if (this.#isClosed()) throw new TransportError("STREAM_CLOSED", { peer, operation: "listen" });
    const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => this.take(socket));
    try {
      server.listen(address);
      await once(server, "listening");
    } catch (cause) {
      throw transportErrorFrom(cause, { peer, operation: "listen" });
    }
    // Too many open files, for one: connections fail, the server does not.
    server.on("error", (cause) => {
      this.#fail(transportErrorFrom(cause, { peer, operation: "accept" }), this.#facts({}));
    });
    this.#servers.add(server);
    // Closed while it began to listen.
    if (this.#isClosed()) server.close();
    return server.address() ?? peer;
  }

  /** Takes a stream that came from elsewhere as if it had been accepted here; it is the listener's from now on. */
  take(stream: Duplex, ends: StreamEnds = endsOf(stream)): void {
    // What it fails with is told by whoever waits for it; nobody does while it is handed on.
    stream.on("error", () => undefined);
    const facts = this.#facts(ends);
    if (this.#isClosed()) stream.destroy();
    else if (this.#senders(facts.remote)) this.#attempt(stream, facts, () => this.#receiveProxied(stream, facts));
    else if (this.#admits(stream, facts)) this.#attempt(stream, facts, () => this.#receive(stream, facts));
  }

  /** Whether a client that asks for `host` is shown a certificate for it. */
  async hasCertificateFor(host: string): Promise<boolean> {
    return (await this.tls?.hasCertificateFor(host, AbortSignal.timeout(5_000))) ?? false;
  }

  /**
   * Takes no more connections. Those that HTTP is not spoken on yet are handed on if they come so far within
   * `graceMilliseconds`, 0 by default; the others are their receiver's. A second call waits for the first; one with a grace
   * of 0 gives up what is left.
   */
  close({ graceMilliseconds = 0 }: { readonly graceMilliseconds?: number } = {}): Promise<void> {
    if (graceMilliseconds === 0) this.#end();
    this.#closed ??= this.#close(graceMilliseconds);
    return this.#closed;
  }

  #isClosed(): boolean {
    return this.#closed !== undefined;
  }

  async #close(graceMilliseconds: number): Promise<void> {
    // They would wait for their connections to end, which are not the listener's any more.
    for (const server of this.#servers) server.close();
    const timer = setTimeout(() => this.#end(), graceMilliseconds);
    while (this.#attempts.size > 0 && !this.#isOver) {
      await Promise.race([Promise.all(this.#attempts), this.#over.promise]);
    }
    clearTimeout(timer);
    this.#end();
    await this.tls?.close({ graceMilliseconds: 0 });
  }

  #end(): void {
    this.#isOver = true;
    this.#over.resolve(undefined);
    for (const waiting of this.#waiting) waiting.abort(new TransportError("STREAM_CLOSED", { operation: "accept" }));
  }

  #attempt(stream: Duplex, facts: ConnectionFacts, run: () => Promise<void>): void {
    const attempt = run()
      .catch((cause: unknown) => {
        stream.destroy();
        this.#fail(transportErrorFrom(cause, { peer: peerOf(facts), operation: "accept" }), facts);
      })
      .finally(() => this.#attempts.delete(attempt));
    this.#attempts.add(attempt);
  }

  #admits(stream: Duplex, facts: ConnectionFacts): boolean {
    const decision = this.#options.admission?.(facts.remote);
    if (decision === undefined) return true;
    if (decision.type === "admit") {
      if (stream.closed) decision.release();
      else stream.once("close", decision.release);
      return true;
    }
    const answer = this.tls === undefined && this.#turningAway < maxTurningAway ? decision.answer : undefined;
    if (answer !== undefined) {
      this.#turningAway += 1;
      stream.once("close", () => (this.#turningAway -= 1));
    }
    refuse(stream, answer);
    this.#fail(decision.error, facts);
    return false;
  }

  /** Of a trusted sender, whose own address says nothing of the client. */
  async #receiveProxied(stream: Duplex, facts: ConnectionFacts): Promise<void> {
    const peer = peerOf(facts);
    if (this.#heads >= maxPendingHeads) throw new PolicyError("CONNECTION_LIMIT", { peer, detail: "maxPendingHeads" });
    const { required = true, timeoutMilliseconds = 5_000 } = this.#options.proxyProtocol ?? {};
    this.#heads += 1;
    const late = (): Error =>
      new TimeoutError("request", { peer, operation: "accept", detail: "no PROXY protocol head" });
    const head = await this.#waitFor(timeoutMilliseconds, late, (signal) =>
      takeProxyHead(stream, { required, peer, signal }),
    ).finally(() => (this.#heads -= 1));
    const told = head === undefined ? facts : withProxyHead(facts, head);
    if (this.#admits(stream, told)) this.#attempt(stream, told, () => this.#receive(stream, told));
  }

  async #receive(below: Duplex, facts: ConnectionFacts): Promise<void> {
    if (this.tls === undefined) return this.#begin(below, facts, false);
    const connection = await this.tls.accept(below, peerOf(facts));
    if (connection.type === "plain") return this.#begin(connection.socket, facts, true);
    const { socket, serverName } = connection;
    socket.on("error", () => undefined);
    const tls = tlsFactsOf(socket, serverName);
    const secured: ConnectionFacts = { ...facts, tls };
    if (tls.alpnProtocol === undefined) return this.#begin(socket, secured, false);
    const version = tls.alpnProtocol === "h2" ? "2" : "1";
    this.#hand({ stream: socket, facts: secured, first: nothing, version, redirects: false });
  }

  /** Waits for what the client says first where nothing else tells what it speaks. */
  async #begin(stream: Duplex, facts: ConnectionFacts, redirects: boolean): Promise<void> {
    stream.on("error", () => undefined);
    const silent = (): Error => new TransportError("STREAM_CLOSED", { operation: "read" });
    const milliseconds = this.#options.idleMilliseconds ?? 60_000;
    const { version, first } = await this.#waitFor(milliseconds, silent, (signal) => readFirst(stream, signal));
    if (isProxyHead(first)) {
      throw new PolicyError("PROXY_PROTOCOL_UNTRUSTED", { peer: peerOf(facts), operation: "accept" });
    }
    this.#hand({ stream, facts, first, version, redirects });
  }

  async #waitFor<T>(milliseconds: number, late: () => Error, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(late()), milliseconds);
    this.#waiting.add(ending);
    try {
      return await run(ending.signal);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(ending);
    }
  }

  #hand(connection: IncomingConnection): void {
    if (this.#isOver) connection.stream.destroy();
    else this.#options.onConnection(connection);
  }

  #facts({ remote, local }: Partial<StreamEnds>): ConnectionFacts {
    this.#count += 1;
    return { id: this.#count, remote, local, proxy: undefined, tls: undefined };
  }

  #fail(error: FairleadError, facts: ConnectionFacts): void {
    // Browsers open connections that they may never use, and load balancers only look whether somebody is there.
    if (error.code !== "STREAM_CLOSED") this.#options.onFailure?.(error, facts);
  }
}

/** Connections of load balancers that have not said yet who the client is; more are closed. */
const maxPendingHeads = 1_000;
/** Who is turned away stays a moment to hear why; of more at once than these, the others are cut off. */
const maxTurningAway = 100;

const nothing = new Uint8Array(0);

function peerOf({ remote }: ConnectionFacts): string | undefined {
  return remote && formatPeer(remote.address, remote.port);
}
