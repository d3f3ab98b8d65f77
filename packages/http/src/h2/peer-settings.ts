import { Http2Fault } from "./fault.ts";
import { DEFAULT_FRAME_SIZE, DEFAULT_WINDOW, ErrorCode, Setting, WINDOW_LIMIT } from "./frames.ts";

/** Octets of a frame that is sent, whatever the peer takes: others on the connection wait for no longer than that. */
const FRAME_LIMIT = 64 * 1024;

/** What the peer asked for, and the defaults until it does. RFC 9113 section 6.5.2. */
export class PeerSettings {
  headerTableSize = 4_096;
  maxConcurrentStreams: number = Number.POSITIVE_INFINITY;
  initialWindowSize = DEFAULT_WINDOW;
  /** What we make use of. */
  maxFrameSize = DEFAULT_FRAME_SIZE;
  /** Whether a stream can be given to another protocol. RFC 8441 section 3. */
  enableConnectProtocol = false;
  readonly #role: "client" | "server";

  /** @param role what the peer is. */
  constructor(role: "client" | "server") {
    this.#role = role;
  }

  /**
   * Learns from the payload of a SETTINGS frame, and tells how many entries it had.
   *
   * @throws Http2Fault
   */
  learn(payload: Uint8Array): number {
    if (payload.length % 6 !== 0) throw new Http2Fault(ErrorCode.frameSizeError, "SETTINGS of a wrong length");
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    for (let at = 0; at < payload.length; at += 6) this.#set(view.getUint16(at), view.getUint32(at + 2));
    return payload.length / 6;
  }

  #set(setting: number, value: number): void {
    switch (setting) {
      case Setting.headerTableSize:
        this.headerTableSize = value;
        break;
      case Setting.enablePush:
        // A server has nothing to say here but that it is off.
        if (value > (this.#role === "server" ? 0 : 1)) {
          throw new Http2Fault(ErrorCode.protocolError, "a push that is neither on nor off");
        }
        break;
      case Setting.maxConcurrentStreams:
        this.maxConcurrentStreams = value;
        break;
      case Setting.initialWindowSize:
        if (value > WINDOW_LIMIT) throw new Http2Fault(ErrorCode.flowControlError, "a window beyond 2^31-1");
        this.initialWindowSize = value;
        break;
      case Setting.maxFrameSize:
        if (value < DEFAULT_FRAME_SIZE || value >= 2 ** 24) {
          throw new Http2Fault(ErrorCode.protocolError, "a frame size that cannot be");
        }
        this.maxFrameSize = Math.min(value, FRAME_LIMIT);
        break;
      case Setting.enableConnectProtocol:
        if (value > 1 || (value === 0 && this.enableConnectProtocol)) {
          throw new Http2Fault(ErrorCode.protocolError, "an extended CONNECT that is neither taken nor not");
        }
        this.enableConnectProtocol = value === 1;
        break;
    }
  }
}
