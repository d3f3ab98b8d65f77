import type { Duplex } from "node:stream";
import { TransportError } from "@fairlead/core";
import { readUntil } from "../read-until.ts";
import { transportErrorFrom } from "../transport-error.ts";
import type { Dialogue } from "./protocol/dialogue.ts";

/** Whom a dialogue is with. */
export interface Conversation {
  /** The proxy, for error messages: `host:port`. */
  readonly peer: string;
  /** What it is asked for: `host:port`. */
  readonly destination: string;
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
  { peer, destination, signal }: Conversation,
): Promise<Answer> {
  const facts = { peer, operation: "tunnel" } as const;
  try {
    signal?.throwIfAborted();
    if (below.errored !== null) throw transportErrorFrom(below.errored, facts);
    if (below.destroyed || !below.writable) throw new TransportError("STREAM_CLOSED", facts);
    below.write(dialogue.opening);
    return await readUntil(below, {
      signal,
      take(chunk) {
        let step = dialogue.receive(chunk);
        // What came behind the last answer may be the next.
        for (; step.type === "send"; step = dialogue.receive(nothing)) below.write(step.bytes);
        if (step.type === "need-data") return undefined;
        if (step.type === "failed")
          throw new TransportError(step.code, { ...facts, detail: `${step.detail}, asked for ${destination}` });
        return step;
      },
      failure: (error) =>
        error === undefined
          ? new TransportError("PROXY_ANSWER_INVALID", {
              ...facts,
              detail: `it closed the connection, asked for ${destination}`,
            })
          : transportErrorFrom(error, facts),
    });
  } catch (error) {
    below.on("error", () => undefined);
    below.destroy();
    throw error;
  }
}

const nothing = new Uint8Array(0);
