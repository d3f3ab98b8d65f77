import type { Duplex } from "node:stream";
import { TransportError } from "@fairlead/core";
import { type LinkPatience, patienceOf } from "./link-patience.ts";
import { LinkStream } from "./link-stream.ts";
import type { MessageLink } from "./message-link.ts";
import { type LinkResetReason, readLinkFrame, writeLinkFrame } from "./protocol/link-frames.ts";
import { ResumableStream } from "./protocol/resumable-stream.ts";

/** How streams are accepted. */
export interface AcceptLinkStreamsOptions extends Omit<LinkPatience, "openMilliseconds"> {
  /** Streams at once, those that wait for a new link included; 64 by default. */
  readonly maxStreams?: number | undefined;
}

/** Accepts the streams of {@link openLinkStream}. */
export interface LinkStreamAcceptor extends AsyncDisposable {
  /** Takes a link that somebody has opened: it carries a new stream, or one that is there already and lost its own. */
  accept(link: MessageLink): void;
  /** Ends all streams. */
  close(): Promise<void>;
}

/**
 * Hands out each stream that is opened by links; the listener owns it. Who knows the 64 random bits of a stream can take
 * it over: where others can reach the link, TLS belongs above.
 *
 * @example
 * const acceptor = acceptLinkStreams((stream) => server.emit("connection", stream));
 * acceptor.accept(portLink(port));
 */
export function acceptLinkStreams(
  onStream: (stream: Duplex, peer: string) => void,
  options: AcceptLinkStreamsOptions = {},
): LinkStreamAcceptor {
  const patience = patienceOf(options);
  const { maxStreams = 64 } = options;
  const streams = new Map<bigint, LinkStream>();
  const waiting = new Set<MessageLink>();
  let isClosed = false;

  const begin = (link: MessageLink, hello: Uint8Array, session: bigint): void => {
    let orphaned: NodeJS.Timeout | undefined;
    const { peer } = link;
    const stream = new LinkStream(
      new ResumableStream({ role: "acceptor", session, windowBytes: patience.windowBytes }),
      {
        peer,
        allowHalfOpen: options.allowHalfOpen ?? false,
        silenceMilliseconds: patience.silenceMilliseconds,
        onOpened: () => undefined,
        onLinkLost: (cause) => {
          orphaned = setTimeout(() => {
            stream.destroy(new TransportError("STREAM_CLOSED", { peer, operation: "await a new link", cause }));
          }, patience.reconnectMilliseconds);
        },
        onLink: () => {
          clearTimeout(orphaned);
        },
        onClosed: () => {
          clearTimeout(orphaned);
          streams.delete(session);
        },
      },
    );
    streams.set(session, stream);
    stream.attach(link, hello);
    onStream(stream, peer);
  };

  const greet = (link: MessageLink, message: Uint8Array): void => {
    const frame = readLinkFrame(message);
    if (frame?.type !== "hello") {
      refuse(link, frame?.type === "reset" ? "other-version" : "protocol");
      return;
    }
    const known = streams.get(frame.session);
    if (known !== undefined) known.attach(link, message);
    else if (frame.resumes) refuse(link, "session-unknown");
    else if (streams.size >= maxStreams) refuse(link, "destroyed");
    else begin(link, message, frame.session);
  };

  return {
    accept(link) {
      if (isClosed || waiting.size >= maxStreams) {
        link.close();
        return;
      }
      waiting.add(link);
      const tooLate = setTimeout(() => {
        waiting.delete(link);
        link.close();
      }, patience.silenceMilliseconds);
      link.listen({
        message: (message) => {
          clearTimeout(tooLate);
          if (waiting.delete(link)) greet(link, message);
        },
        ended: () => {
          clearTimeout(tooLate);
          waiting.delete(link);
        },
      });
    },
    close: closeAll,
    [Symbol.asyncDispose]: closeAll,
  };

  function closeAll(): Promise<void> {
    isClosed = true;
    for (const link of waiting) link.close();
    waiting.clear();
    for (const stream of streams.values()) stream.destroy();
    return Promise.resolve();
  }
}

function refuse(link: MessageLink, reason: LinkResetReason): void {
  link.listen({ message: () => undefined, ended: () => undefined });
  const close = (): void => {
    link.close();
  };
  link.send(writeLinkFrame({ type: "reset", reason })).then(close, close);
}
