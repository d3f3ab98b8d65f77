import type { Duplex } from "node:stream";
import { TransportError } from "@fairlead/core";
import { transportErrorFrom } from "../transport-error.ts";
import type { Dialogue } from "./protocol/dialogue.ts";

/** Whom a dialogue is with. */
export interface Conversation {
  /** The proxy, for error messages: `host:port`. */
  readonly peer: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Holds a dialogue over `below`. What comes behind its end is put back; after a failure `below` is destroyed.
 *
 * @throws TransportError; or the signal's reason.
 */
export async function converse<Answer>(
  below: Duplex,
  dialogue: Dialogue<Answer>,
  { peer, signal }: Conversation,
): Promise<Answer> {
  const facts = { peer, operation: "tunnel" } as const;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const onReadable = (): void => {
    for (let chunk = read(below); chunk !== null; chunk = read(below)) {
      let step = dialogue.receive(chunk);
      // What came behind the last answer may be the next.
      for (; step.type === "send"; step = dialogue.receive(nothing)) below.write(step.bytes);
      if (step.type === "need-data") continue;
      // Listening for it would read on.
      below.off("readable", onReadable);
      if (step.type === "failed") {
        reject(new TransportError(step.code, { ...facts, detail: step.detail }));
        return;
      }
      if (step.rest.length > 0) below.unshift(Buffer.from(step.rest));
      resolve(step.answer);
      return;
    }
  };
  const onError = (error: Error): void => reject(transportErrorFrom(error, facts));
  const onEnd = (): void =>
    reject(new TransportError("PROXY_ANSWER_INVALID", { ...facts, detail: "it closed the connection" }));
  const onAbort = (): void => reject(signal?.reason);

  below.on("error", onError);
  below.on("end", onEnd);
  below.on("close", onEnd);
  signal?.addEventListener("abort", onAbort);
  try {
    signal?.throwIfAborted();
    if (below.errored !== null) throw transportErrorFrom(below.errored, facts);
    if (below.destroyed || !below.writable) throw new TransportError("STREAM_CLOSED", facts);
    below.write(dialogue.opening);
    below.on("readable", onReadable);
    onReadable();
    return await promise;
  } catch (error) {
    below.on("error", () => undefined);
    below.destroy();
    throw error;
  } finally {
    below.off("readable", onReadable);
    below.off("error", onError);
    below.off("end", onEnd);
    below.off("close", onEnd);
    signal?.removeEventListener("abort", onAbort);
  }
}

const nothing = new Uint8Array(0);

function read(below: Duplex): Buffer | null {
  // A stream of bytes gives nothing else.
  return below.read() as Buffer | null;
}
