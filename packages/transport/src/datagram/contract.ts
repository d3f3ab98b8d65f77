import type { EventEmitter } from "node:events";
import type { FairleadError, TransportError } from "@fairlead/core";

/** Where datagrams come from or go to. */
export interface DatagramAddress {
  /** IP literal; of an IPv6 link-local address with its zone. */
  readonly host: string;
  readonly port: number;
}

/** What a datagram path tells. None of these has to be heard: without a listener it is dropped. */
export interface DatagramPathEvents {
  /** One datagram, whole, owned by the listener. It may have come twice, out of order, or from somebody else. */
  message: [bytes: Buffer];
  /**
   * The network says that datagrams do not arrive (ICMP). Nobody vouches for it, so the path stays open, and whoever
   * waits for an answer may give up sooner.
   */
  unreachable: [error: TransportError];
  /** Emitted once; `undefined` when it was closed by either side in the proper way. */
  close: [reason: FairleadError | undefined];
}

/**
 * Datagrams to and from one peer. Nothing is promised: each may be lost, doubled or overtaken.
 *
 * A layer wraps the path that it is given, as DTLS does, and owns it from then on.
 */
export interface DatagramPath extends EventEmitter<DatagramPathEvents> {
  /** The peer as errors name it: `host:port`. */
  readonly peer: string;
  /** Bytes of the largest datagram that `send` takes. */
  readonly mtu: number;
  readonly closed: boolean;
  /**
   * Sends one datagram, without waiting and without knowing whether it arrives. The bytes are not copied: they must not
   * change any more. On a closed path nothing happens.
   *
   * @throws TransportError DATAGRAM_TOO_LARGE when there are more than `mtu` bytes.
   */
  send(bytes: Uint8Array): void;
  /** Closes the path; a second call does nothing. */
  close(): void;
}

/** What an endpoint tells. */
export interface DatagramEndpointEvents {
  /** A datagram from an address that has no path. Nothing is kept of it. */
  message: [bytes: Buffer, from: DatagramAddress];
  /** The network says that datagrams do not arrive somewhere. */
  unreachable: [error: TransportError];
  close: [];
}

/** One local address that exchanges datagrams with many peers. */
export interface DatagramEndpoint extends EventEmitter<DatagramEndpointEvents>, AsyncDisposable {
  /** Its own address, with the port that the system chose. */
  readonly address: DatagramAddress;
  /** Bytes of the largest datagram that is sent. */
  readonly mtu: number;
  /** Sends one datagram; as `DatagramPath.send`. */
  send(bytes: Uint8Array, to: DatagramAddress): void;
  /**
   * Opens a path to one peer: from now on its datagrams are `message` events of the path. Closing it forgets the peer.
   *
   * @throws UsageError OPTION_INVALID when there is one already, or when the host is no IP literal.
   */
  path(peer: DatagramAddress): DatagramPath;
  /** Closes the endpoint and its paths. */
  close(): Promise<void>;
}
