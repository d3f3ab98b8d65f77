import { EventEmitter } from "node:events";
import { isIP } from "node:net";
import { UsageError, type TransportError } from "@fairlead/core";
import { formatPeer } from "../peer-name.ts";
import { canonicalHost } from "./canonical-host.ts";
import type {
  DatagramAddress,
  DatagramEndpoint,
  DatagramEndpointEvents,
  DatagramPath,
  DatagramPathEvents,
} from "./contract.ts";
import { requireFits } from "./mtu.ts";

/** What carries the datagrams of an endpoint. */
export interface DatagramCarrier {
  readonly address: DatagramAddress;
  readonly mtu: number;
  send(bytes: Uint8Array, to: DatagramAddress): void;
  close(): Promise<void>;
}

/** An endpoint over whatever carries datagrams: it sorts them by the address that they come from. */
export class CarriedEndpoint extends EventEmitter<DatagramEndpointEvents> implements DatagramEndpoint {
  readonly #carrier: DatagramCarrier;
  readonly #paths = new Map<string, EndpointPath>();
  #closing: Promise<void> | undefined;

  constructor(carrier: DatagramCarrier) {
    super();
    this.#carrier = carrier;
  }

  get address(): DatagramAddress {
    return this.#carrier.address;
  }

  get mtu(): number {
    return this.#carrier.mtu;
  }

  send(bytes: Uint8Array, to: DatagramAddress): void {
    requireFits(bytes.length, this.mtu, to);
    if (this.#closing === undefined) this.#carrier.send(bytes, to);
  }

  path(peer: DatagramAddress): DatagramPath {
    const name = formatPeer(canonicalHost(peer.host), peer.port);
    if (isIP(peer.host) === 0 || this.#paths.has(name)) {
      const remedy = isIP(peer.host) === 0 ? "give an IP literal" : "close the path that there is, or use it";
      throw new UsageError("OPTION_INVALID", { peer: name, detail: "peer", remedy });
    }
    const path = new EndpointPath(this, peer, () => this.#paths.delete(name));
    if (this.#closing === undefined) this.#paths.set(name, path);
    else path.close();
    return path;
  }

  close(): Promise<void> {
    if (this.#closing !== undefined) return this.#closing;
    // Paths first: what they have to say at the end still goes out.
    for (const path of [...this.#paths.values()]) path.close();
    this.#closing = this.#carrier.close().then(() => {
      this.emit("close");
    });
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The carrier has received a datagram. */
  deliver(bytes: Buffer, from: DatagramAddress): void {
    if (this.#closing !== undefined) return;
    const path = this.#paths.get(formatPeer(from.host, from.port));
    if (path === undefined) this.emit("message", bytes, from);
    else path.emit("message", bytes);
  }

  /** The network has reported a failure to send to this peer, or to one that it does not name. */
  reportUnreachable(error: TransportError, peer?: DatagramAddress): void {
    const path = peer && this.#paths.get(formatPeer(canonicalHost(peer.host), peer.port));
    if (path === undefined) this.emit("unreachable", error);
    else path.emit("unreachable", error);
  }
}

class EndpointPath extends EventEmitter<DatagramPathEvents> implements DatagramPath {
  readonly peer: string;
  closed = false;
  readonly #endpoint: DatagramEndpoint;
  readonly #to: DatagramAddress;
  readonly #forget: () => void;

  constructor(endpoint: DatagramEndpoint, to: DatagramAddress, forget: () => void) {
    super();
    this.peer = formatPeer(to.host, to.port);
    this.#endpoint = endpoint;
    this.#to = to;
    this.#forget = forget;
  }

  get mtu(): number {
    return this.#endpoint.mtu;
  }

  send(bytes: Uint8Array): void {
    if (!this.closed) this.#endpoint.send(bytes, this.#to);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.emit("close", undefined);
    this.#forget();
  }
}
