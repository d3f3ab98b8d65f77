import type { Duplex } from "node:stream";
import { TlsError, type ErrorFacts } from "@fairlead/core";
import { readUntil } from "@fairlead/transport";
import { closedInHandshake } from "../hello/read-client-hello.ts";
import { type Dialogue, type DialogueOutcome, type DialogueProgress, DialogueRunner } from "./protocol/dialogue.ts";

/**
 * Holds a dialogue over a stream. When it resolves, the server is ready for the first byte of TLS, and no byte of its is
 * left over.
 *
 * @returns the greeting, where the protocol needs it again.
 * @throws TlsError START_TLS_REFUSED, START_TLS_INVALID, START_TLS_INJECTED or TLS_CLOSED_IN_HANDSHAKE; or the signal's
 * reason.
 */
export async function converse(
  below: Duplex,
  dialogue: Dialogue,
  { peer, signal }: { readonly peer: string | undefined; readonly signal: AbortSignal },
): Promise<Uint8Array | undefined> {
  const runner = new DialogueRunner(dialogue);
  const facts: ErrorFacts = { peer, operation: "secure" };
  const proceed = ({ send, outcome }: DialogueProgress): { readonly answer: Uint8Array | undefined } | undefined => {
    for (const bytes of send) below.write(bytes);
    if (outcome === undefined) return undefined;
    if (outcome.type === "secure") return { answer: outcome.greeting };
    throw failure(outcome, facts);
  };
  const settled = proceed(runner.start());
  if (settled !== undefined) return settled.answer;
  return readUntil(below, {
    signal,
    // A piece is all that is there: what followed the go-ahead would otherwise be the first bytes of TLS.
    take: (chunk) => proceed(runner.add(chunk)),
    failure: (error) => closedInHandshake(error, facts),
  });
}

function failure(outcome: Exclude<DialogueOutcome, { readonly type: "secure" }>, facts: ErrorFacts): TlsError {
  switch (outcome.type) {
    case "refused":
      return new TlsError("START_TLS_REFUSED", { ...facts, detail: outcome.answer });
    case "invalid":
      return new TlsError("START_TLS_INVALID", { ...facts, detail: outcome.detail });
    case "injected":
      return new TlsError("START_TLS_INJECTED", facts);
  }
}
