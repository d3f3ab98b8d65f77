import type { Duplex } from "node:stream";
import { TlsError } from "@fairlead/core";
import type { IdentityQuestion, TlsIdentity } from "../contract.ts";
import { closedInHandshake, readClientHello } from "./read-client-hello.ts";
import { sendAlert } from "./send-alert.ts";

/** What the question about a server's identity is asked with. */
export interface IdentityChoice {
  readonly peer?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the ClientHello and asks who the server is for this client. While it waits nothing more is read. The bytes are
 * back in `below` when it resolves; when it rejects, the client has been told by an alert, and `below` is the caller's to
 * destroy.
 *
 * @throws what {@link readClientHello} throws, also while the answer is awaited; what the answer throws; or TlsError
 * TLS_SERVER_NAME_UNKNOWN.
 */
export async function chooseIdentity(
  below: Duplex,
  question: IdentityQuestion,
  { peer, signal }: IdentityChoice,
): Promise<TlsIdentity> {
  // It may fail in a turn in which nobody else listens yet: whoever is given it next looks at `errored`.
  below.on("error", () => undefined);
  const hello = await readClientHello(below, { peer, signal });
  const ended = new AbortController();
  const onAbort = (): void => ended.abort(signal?.reason);
  const onClose = (): void => ended.abort(closedInHandshake(below.errored, { peer, operation: "secure" }));
  signal?.addEventListener("abort", onAbort);
  below.once("close", onClose);
  try {
    if (signal?.aborted === true) onAbort();
    else if (below.destroyed) onClose();
    ended.signal.throwIfAborted();
    const identity = await answered(question(hello, ended.signal), ended.signal);
    if (identity !== undefined) return identity;
  } catch (error) {
    if (!ended.signal.aborted) sendAlert(below, handshakeFailure);
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    below.off("close", onClose);
  }
  sendAlert(below, unrecognizedName);
  throw new TlsError("TLS_SERVER_NAME_UNKNOWN", { peer, operation: "secure", detail: hello.serverName ?? "none" });
}

/** Waits for the answer for as long as the connection is wanted; an answer that comes later is nobody's. */
function answered<T>(answer: T | Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  Promise.resolve(answer).then(resolve, reject);
  return promise.finally(() => signal.removeEventListener("abort", onAbort));
}

// RFC 8446 section 6.2
const handshakeFailure = 40;
const unrecognizedName = 112;
