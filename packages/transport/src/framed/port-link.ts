import { TransportError } from "@fairlead/core";
import { HeldListener } from "./held-listener.ts";
import type { MessageLink } from "./message-link.ts";

/** What is used of a `MessagePort`, a `Worker`, or what else has `postMessage`. */
export interface PostingPort {
  postMessage(message: Uint8Array): void;
  on(event: "message", listener: (message: unknown) => void): unknown;
  on(event: "close", listener: () => void): unknown;
  close?(): void;
}

/** Carries messages by `postMessage` of Node.js. What is no `Uint8Array` is somebody else's, and is left alone. */
export function portLink(port: PostingPort, peer = "the other end of a port"): MessageLink {
  const held = new HeldListener();
  let isClosed = false;
  port.on("message", (message) => {
    if (message instanceof Uint8Array) held.message(message);
  });
  port.on("close", () => {
    isClosed = true;
    held.ended(undefined);
  });
  return {
    peer,
    maxMessageBytes: 65_536,
    send(message) {
      if (isClosed) return Promise.reject(new TransportError("STREAM_CLOSED", { peer, operation: "send" }));
      port.postMessage(message);
      return Promise.resolve();
    },
    listen(listener) {
      held.listen(listener);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      port.close?.();
      held.ended(undefined);
    },
  };
}
