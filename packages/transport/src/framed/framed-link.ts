import type { Duplex } from "node:stream";
import { ProtocolError, TransportError } from "@fairlead/core";
import { HeldListener } from "./held-listener.ts";
import type { MessageLink } from "./message-link.ts";
import type { Framing } from "./protocol/framing.ts";

/** How messages are framed. */
export interface FramedLinkOptions {
  /** `cobs` for lines that lose or garble bytes, `lengthPrefix` for those that do not. */
  readonly framing: Framing;
  /** The longest message, 1,024 by default. Both ends must have the same limit, or the other's messages are dropped. */
  readonly maxMessageBytes?: number | undefined;
  /** The other end as errors name it. */
  readonly peer?: string | undefined;
}

/**
 * Carries messages by a pipe of bytes that has no connections of its own, such as a serial port. The link owns the pipe.
 * With COBS a message that was garbled is dropped; with lengths one that is too long ends the link.
 */
export function framedLink(pipe: Duplex, options: FramedLinkOptions): MessageLink {
  const { framing, maxMessageBytes = 1_024, peer = "the other end of a pipe" } = options;
  const reader = framing.reader(maxMessageBytes);
  const held = new HeldListener();
  const broken = (): TransportError => new TransportError("STREAM_CLOSED", { peer, operation: "send" });
  pipe.on("data", (piece: Buffer) => {
    for (const reading of reader.read(piece)) {
      if (reading.type === "message") held.message(reading.bytes);
      else if (reading.type === "too-long" && !framing.recovers) {
        pipe.destroy(new ProtocolError("LINK_MESSAGE_TOO_LONG", { peer, operation: "read" }));
      }
    }
  });
  pipe.on("error", (error) => {
    held.ended(error);
  });
  pipe.on("close", () => {
    held.ended(undefined);
  });
  pipe.on("end", () => pipe.destroy());
  return {
    peer,
    maxMessageBytes,
    send(message) {
      if (pipe.destroyed || !pipe.writable) return Promise.reject(broken());
      return new Promise((resolve, reject) => {
        pipe.write(framing.write(message), (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    },
    listen(listener) {
      held.listen(listener);
    },
    close() {
      pipe.destroy();
    },
  };
}
