import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Duplex } from "node:stream";
import { TimeoutError, TransportError } from "@fairlead/core";
import { LinkStream } from "./link-stream.ts";
import type { MessageLink } from "./message-link.ts";
import { type LinkPatience, patienceOf } from "./link-patience.ts";
import { ResumableStream } from "./protocol/resumable-stream.ts";

/** How a stream is opened over links. */
export interface OpenLinkStreamOptions extends LinkPatience {
  /** Opens a link, the first one and those that take the place of a lost one. */
  readonly connect: (signal: AbortSignal) => MessageLink | Promise<MessageLink>;
  /** The other end as errors name it; the link's by default. */
  readonly peer?: string | undefined;
  /** Gives up the opening. Has no effect once the stream is there. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a byte stream over a link of messages, with its own flow control and half-close. When the link is lost it opens
 * another, and goes on where it was: what runs above does not notice. The other end is {@link acceptLinkStreams}.
 *
 * @throws TransportError; TimeoutError with phase `connect`; what `connect` rejects with; or the signal's reason.
 *
 * @example
 * const stream = await openLinkStream({ connect: () => framedLink(serialPort, { framing: cobs }) });
 */
export async function openLinkStream(options: OpenLinkStreamOptions): Promise<Duplex> {
  const { connect, signal } = options;
  const patience = patienceOf(options);
  signal?.throwIfAborted();
  const opening = AbortSignal.any([AbortSignal.timeout(patience.openMilliseconds), ...(signal ? [signal] : [])]);
  const first = await untilAborted(Promise.resolve(connect(opening)), opening, (link) => {
    link.close();
  }).catch((error: unknown) => {
    throw reasonOf(error, signal, opening, options.peer);
  });
  const peer = options.peer ?? first.peer;
  const ended = new AbortController();
  const opened = Promise.withResolvers<undefined>();
  const session = randomBytes(8).readBigUInt64BE();
  const stream = new LinkStream(
    new ResumableStream({ role: "connector", session, windowBytes: patience.windowBytes }),
    {
      peer,
      allowHalfOpen: options.allowHalfOpen ?? false,
      onLink: () => undefined,
      silenceMilliseconds: patience.silenceMilliseconds,
      onOpened: () => {
        opened.resolve(undefined);
      },
      onClosed: () => {
        ended.abort();
      },
      onLinkLost: (cause) => {
        void reconnect(cause);
      },
    },
  );
  const reconnect = async (cause: Error | undefined): Promise<void> => {
    const giveUp = AbortSignal.any([AbortSignal.timeout(patience.reconnectMilliseconds), ended.signal]);
    let last = cause;
    const isOver = (): boolean => giveUp.aborted;
    for (let pause = 0; !isOver(); pause = Math.min(pause * 2 + 50, 2_000)) {
      try {
        await delay(pause, undefined, { signal: giveUp });
        const link = await untilAborted(Promise.resolve(connect(giveUp)), giveUp, (late) => {
          late.close();
        });
        stream.attach(link);
        return;
      } catch (error) {
        if (!isOver()) last = error as Error;
      }
    }
    if (!stream.destroyed)
      stream.destroy(new TransportError("STREAM_CLOSED", { peer, operation: "reconnect", cause: last }));
  };
  stream.once("error", opened.reject);
  try {
    stream.attach(first);
    await untilAborted(opened.promise, opening);
  } catch (error) {
    stream.on("error", () => undefined).destroy();
    throw reasonOf(error, signal, opening, peer);
  }
  stream.off("error", opened.reject);
  return stream;
}

function reasonOf(
  error: unknown,
  signal: AbortSignal | undefined,
  opening: AbortSignal,
  peer: string | undefined,
): unknown {
  if (signal?.aborted === true) return signal.reason;
  return opening.aborted ? new TimeoutError("connect", { peer, operation: "connect" }) : error;
}

/** Waits no longer than the signal lets it; what comes too late is handed to `discard`. */
async function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
  discard?: (late: Value) => void,
): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => {
    aborted.reject(signal.reason);
    if (discard !== undefined) promise.then(discard, () => undefined);
  };
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
