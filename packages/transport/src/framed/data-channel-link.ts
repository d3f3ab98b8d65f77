import { TransportError } from "@fairlead/core";
import { HeldListener } from "./held-listener.ts";
import type { MessageLink } from "./message-link.ts";

/** What is used of an `RTCDataChannel`, which every implementation for Node.js has as well. */
export interface DataChannel {
  readonly readyState: string;
  readonly bufferedAmount: number;
  bufferedAmountLowThreshold: number;
  binaryType: string;
  send(bytes: Uint8Array): void;
  close(): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "open" | "close" | "error" | "bufferedamountlow", listener: () => void): void;
}

/** Carries messages by a data channel of WebRTC, which must be ordered, as it is by default, and not partly reliable. */
export function dataChannelLink(channel: DataChannel, peer = "the other end of a data channel"): MessageLink {
  const held = new HeldListener();
  let onLow: (() => void) | undefined;
  channel.binaryType = "arraybuffer";
  channel.bufferedAmountLowThreshold = lowBytes;
  const wake = (): void => {
    const resolve = onLow;
    onLow = undefined;
    resolve?.();
  };
  const end = (): void => {
    wake();
    held.ended(undefined);
  };
  channel.addEventListener("message", ({ data }) => {
    if (data instanceof ArrayBuffer) held.message(new Uint8Array(data));
    else if (data instanceof Uint8Array) held.message(data);
  });
  channel.addEventListener("bufferedamountlow", wake);
  channel.addEventListener("open", wake);
  channel.addEventListener("close", end);
  channel.addEventListener("error", end);
  const canSend = (): boolean => channel.readyState !== "connecting" && channel.bufferedAmount <= lowBytes;
  return {
    peer,
    // What every implementation takes as one message. RFC 8831 section 6.6.
    maxMessageBytes: 16_384,
    async send(message) {
      while (!canSend() && channel.readyState !== "closed") {
        await new Promise<void>((resolve) => {
          onLow = resolve;
        });
      }
      if (channel.readyState !== "open") throw new TransportError("STREAM_CLOSED", { peer, operation: "send" });
      channel.send(message);
    },
    listen(listener) {
      held.listen(listener);
    },
    close() {
      channel.close();
      end();
    },
  };
}

const lowBytes = 65_536;
