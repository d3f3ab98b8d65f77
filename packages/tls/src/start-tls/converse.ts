import type { Duplex } from "node:stream";
import { TlsError, type ErrorFacts } from "@fairlead/core";
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
export function converse(
  below: Duplex,
  dialogue: Dialogue,
  { peer, signal }: { readonly peer: string | undefined; readonly signal: AbortSignal },
): Promise<Uint8Array | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | undefined>();
  const runner = new DialogueRunner(dialogue);
  const facts: ErrorFacts = { peer, operation: "secure" };

  const stop = (): void => {
    below.off("readable", onReadable);
    below.off("error", onError);
    below.off("end", onClose);
    below.off("close", onClose);
    signal.removeEventListener("abort", onAbort);
  };
  const fail = (reason: unknown): void => {
    stop();
    reject(reason);
  };
  const proceed = ({ send, outcome }: DialogueProgress): boolean => {
    for (const bytes of send) below.write(bytes);
    if (outcome === undefined) return true;
    stop();
    if (outcome.type === "secure") resolve(outcome.greeting);
    else reject(failure(outcome, facts));
    return false;
  };
  // All that is there is taken at once: what follows the go-ahead would otherwise be the first bytes of TLS.
  const onReadable = (): void => {
    const chunk = below.read() as Buffer | null;
    if (chunk !== null) proceed(runner.add(chunk));
  };
  const onError = (error: Error): void => fail(closedInHandshake(error, facts));
  const onClose = (): void => fail(closedInHandshake(undefined, facts));
  const onAbort = (): void => fail(signal.reason);

  below.on("error", onError);
  below.on("end", onClose);
  below.on("close", onClose);
  signal.addEventListener("abort", onAbort);
  if (proceed(runner.start())) {
    below.on("readable", onReadable);
    onReadable();
  }
  return promise;
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
