import { EventEmitter } from "node:events";
import { TransportError, type FairleadError } from "@fairlead/core";
import { transportErrorFrom, type DatagramPath, type DatagramPathEvents } from "@fairlead/transport";
import { IsoTpLink } from "./iso-tp-link.ts";
import { isoTpSettings, type IsoTpOptions } from "./options.ts";

/** Messages that wait to be sent; what comes above it is lost, as datagrams are. */
const maxWaitingMessages = 64;

/**
 * Exchanges messages over ISO-TP as datagrams: each comes whole or not at all, and a message that did not come through is told
 * as `unreachable`. Whatever runs over UDP, as CoAP or DTLS, runs over it.
 *
 * @throws UsageError OPTION_INVALID
 * @see ISO 15765-2:2016
 *
 * @example
 * const path = isoTpPath({ bus, sendId: 0x7e0, receiveId: 0x7e8 });
 * path.on("message", (bytes) => console.log(bytes.toString("hex")));
 * path.send(Uint8Array.of(0x09, 0x02)); // what is the number of this vehicle?
 */
export function isoTpPath(options: IsoTpOptions): DatagramPath {
  return new IsoTpPath(options);
}

class IsoTpPath extends EventEmitter<DatagramPathEvents> implements DatagramPath {
  readonly peer: string;
  readonly mtu: number;
  closed = false;
  readonly #link: IsoTpLink;
  #waiting = 0;

  constructor(options: IsoTpOptions) {
    super();
    const settings = isoTpSettings(options);
    this.peer = settings.peer;
    this.mtu = settings.messageBytes;
    this.#link = new IsoTpLink(settings, {
      onMessage: (bytes) => this.emit("message", bytes),
      // A datagram that does not arrive is nothing to tell.
      onLost: () => undefined,
      onClose: (reason) => this.#end(reason),
    });
  }

  send(bytes: Uint8Array): void {
    if (bytes.length > this.mtu) {
      const detail = `${String(bytes.length)} bytes; this path takes ${String(this.mtu)} at most`;
      throw new TransportError("DATAGRAM_TOO_LARGE", { peer: this.peer, operation: "send", detail });
    }
    if (this.closed || bytes.length === 0) return;
    if (this.#waiting === maxWaitingMessages) {
      const detail = `${String(maxWaitingMessages)} others wait to be sent`;
      this.emit(
        "unreachable",
        new TransportError("ISOTP_MESSAGE_LOST", { peer: this.peer, operation: "send", detail }),
      );
      return;
    }
    this.#waiting += 1;
    this.#link.send(bytes).then(
      () => (this.#waiting -= 1),
      (error: unknown) => {
        this.#waiting -= 1;
        if (!this.closed) this.emit("unreachable", named(error, this.peer));
      },
    );
  }

  close(): void {
    this.#end(undefined);
  }

  #end(reason: FairleadError | undefined): void {
    if (this.closed) return;
    this.closed = true;
    this.#link.close();
    this.emit("close", reason);
  }
}

function named(cause: unknown, peer: string): TransportError {
  const error = transportErrorFrom(cause, { peer, operation: "send" });
  return error instanceof TransportError ? error : new TransportError("TRANSPORT_FAILED", { peer, cause });
}
