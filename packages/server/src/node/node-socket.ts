import { Duplex } from "node:stream";
import type { PeerCertificate } from "node:tls";
import type { ConnectionFacts, TlsFacts } from "../exchange/index.ts";

/** Takes what a handler of Node's writes. */
export interface SocketOwner {
  /**
   * @param onTaken called when it may write more.
   * @throws for what it cannot take: the socket is destroyed then.
   */
  write(pieces: readonly Uint8Array[], onTaken: () => void): void;
  /** The handler, or what ended it, has closed the socket. */
  onClose(error: Error | null): void;
}

/** Makes the socket of one request and its answer. */
export function nodeSocket(facts: ConnectionFacts, owner: SocketOwner): NodeSocket {
  const socket = facts.tls === undefined ? new NodeSocket(facts, owner) : new SecureNodeSocket(facts, facts.tls, owner);
  // As Node's server does: what a socket fails with is told to the request and the response.
  socket.on("error", () => undefined);
  return socket;
}

/** What `req.socket` is: the connection's facts, and a stream of what one request and its answer make of it. */
export class NodeSocket extends Duplex {
  readonly #facts: ConnectionFacts;
  readonly #owner: SocketOwner;
  /** What it is an end of, when it has become another protocol's. */
  #tunnel: Duplex | undefined;
  readonly connecting = false;
  readonly pending = false;
  readonly timeout = 0;
  bytesRead = 0;
  bytesWritten = 0;
  constructor(facts: ConnectionFacts, owner: SocketOwner) {
    super();
    this.#facts = facts;
    this.#owner = owner;
  }

  get remoteAddress(): string | undefined {
    return this.#facts.remote?.address;
  }

  get remotePort(): number | undefined {
    return this.#facts.remote?.port;
  }

  get remoteFamily(): string | undefined {
    return family(this.remoteAddress);
  }

  get localAddress(): string | undefined {
    return this.#facts.local?.address;
  }

  get localPort(): number | undefined {
    return this.#facts.local?.port;
  }

  get localFamily(): string | undefined {
    return family(this.localAddress);
  }

  get readyState(): string {
    return this.destroyed ? "closed" : "open";
  }

  address(): object {
    return { address: this.localAddress, port: this.localPort, family: this.localFamily };
  }

  // The server's limits hold; what is set here is about one connection, which may serve others.
  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  destroySoon(): void {
    this.end(() => this.destroy());
  }

  /** Becomes an end of another stream. */
  join(stream: Duplex): void {
    this.#tunnel = stream;
    stream.on("data", (bytes: Uint8Array) => {
      this.bytesRead += bytes.length;
      if (!this.push(bytes)) stream.pause();
    });
    stream.on("end", () => this.push(null));
    stream.on("error", (error) => this.destroy(error));
    stream.on("close", () => this.destroy());
  }

  override _read(): void {
    this.#tunnel?.resume();
  }

  override _write(piece: Uint8Array, _: string, done: (error?: Error | null) => void): void {
    this.#pass([piece], done);
  }

  override _writev(pieces: { chunk: Uint8Array }[], done: (error?: Error | null) => void): void {
    this.#pass(
      pieces.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: () => void): void {
    this.#tunnel?.end();
    done();
  }

  #pass(pieces: readonly Uint8Array[], done: (error?: Error | null) => void): void {
    for (const { length } of pieces) this.bytesWritten += length;
    try {
      if (this.#tunnel === undefined) this.#owner.write(pieces, done);
      else this.#writeOn(this.#tunnel, pieces, done);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #writeOn(stream: Duplex, pieces: readonly Uint8Array[], done: () => void): void {
    let hasRoom = true;
    for (const piece of pieces) hasRoom = stream.write(piece);
    if (hasRoom) done();
    else stream.once("drain", done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#tunnel?.destroy();
    this.#owner.onClose(error);
    done(error);
  }
}

/** The same with what `tls.TLSSocket` says. */
export class SecureNodeSocket extends NodeSocket {
  readonly #tls: TlsFacts;
  readonly encrypted = true;

  constructor(facts: ConnectionFacts, tls: TlsFacts, owner: SocketOwner) {
    super(facts, owner);
    this.#tls = tls;
  }

  /** Whether the client has shown a certificate that was verified. */
  get authorized(): boolean {
    return this.#tls.client !== undefined;
  }

  get alpnProtocol(): string | false {
    return this.#tls.alpnProtocol ?? false;
  }

  get servername(): string | false {
    return this.#tls.serverName ?? false;
  }

  getProtocol(): string {
    return this.#tls.protocol;
  }

  getCipher(): object {
    return { name: this.#tls.cipher, standardName: this.#tls.cipher, version: this.#tls.protocol };
  }

  isSessionReused(): boolean {
    return this.#tls.isResumed;
  }

  getPeerX509Certificate(): unknown {
    return this.#tls.client?.certificate;
  }

  /** Empty where none was verified. */
  getPeerCertificate(): PeerCertificate | Record<string, never> {
    return this.#tls.client?.certificate.toLegacyObject() ?? {};
  }
}

function family(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  return address.includes(":") ? "IPv6" : "IPv4";
}
