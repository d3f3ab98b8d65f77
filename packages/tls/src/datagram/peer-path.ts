import { EventEmitter } from "node:events";
import {
  formatPeer,
  type DatagramAddress,
  type DatagramEndpoint,
  type DatagramPath,
  type DatagramPathEvents,
} from "@fairlead/transport";

/** What one association of an endpoint runs over: there may be two with the same peer for a while. */
export class PeerPath extends EventEmitter<DatagramPathEvents> implements DatagramPath {
  readonly peer: string;
  closed = false;
  readonly #endpoint: DatagramEndpoint;
  readonly #to: DatagramAddress;

  constructor(endpoint: DatagramEndpoint, to: DatagramAddress) {
    super();
    this.peer = formatPeer(to.host, to.port);
    this.#endpoint = endpoint;
    this.#to = to;
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
  }
}
