import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { TlsError } from "@fairlead/core";
import type { TlsSocket } from "../contract.ts";
import { nodeTlsErrorFrom, type ErrorPlace } from "./node-tls-error.ts";
import { hasShownCertificate } from "./peer-certificate.ts";
import type { NodeTlsSocket } from "./node-tls-socket.ts";

/** What a handshake needs to know beside the two streams. */
export interface HandshakeFacts {
  readonly side: "client" | "server";
  readonly peer: string | undefined;
  readonly sentCertificate: boolean;
  readonly signal: AbortSignal | undefined;
  /** Looks at the finished handshake, and returns what speaks against it. */
  readonly judge?: (socket: NodeTlsSocket) => Promise<Error | undefined>;
}

/**
 * Waits until `socket` is secure. From then on its errors are named and it owns `below`; on failure both are destroyed.
 *
 * @throws TlsError; or the signal's reason.
 */
export function whenSecure(socket: NodeTlsSocket, below: Duplex, facts: HandshakeFacts): Promise<TlsSocket> {
  const { signal, side } = facts;
  const secured = side === "client" ? "secureConnect" : "secure";
  const { promise, resolve, reject } = Promise.withResolvers<TlsSocket>();
  const naming = nameErrors(socket, facts);

  let settled = false;
  const settle = (): void => {
    settled = true;
    socket.off(secured, onSecure);
    socket.off("error", onError);
    socket.off("end", onClose);
    socket.off("close", onClose);
    signal?.removeEventListener("abort", onAbort);
  };
  const fail = (reason: unknown): void => {
    if (settled) return;
    settle();
    // What else comes out of a handshake that has failed already is no news to anybody.
    socket.on("error", () => undefined);
    socket.destroy();
    below.destroy();
    reject(reason);
  };
  const onSecure = (): void => {
    if (facts.judge === undefined) succeed();
    else facts.judge(socket).then((objection) => (objection === undefined ? succeed() : fail(objection)), fail);
  };
  const succeed = (): void => {
    // It may have failed while it was judged.
    if (settled) return;
    settle();
    naming.phase = "established";
    // node:tls closes the descriptor and leaves the net.Socket as it is: its server would count it for ever.
    socket.once("close", () => below.destroy());
    resolve(socket);
    setImmediate(() => {
      naming.heard = true;
    });
  };
  const onError = (error: Error): void => fail(error);
  const onClose = (): void => fail(new TlsError("TLS_CLOSED_IN_HANDSHAKE", { peer: facts.peer, operation: "secure" }));
  const onAbort = (): void => fail(signal?.reason);

  socket.on(secured, onSecure);
  socket.on("error", onError);
  // Over a half-open stream an end is all that is heard of a peer that has gone.
  socket.on("end", onClose);
  socket.on("close", onClose);
  signal?.addEventListener("abort", onAbort);
  return promise;
}

interface Naming {
  phase: ErrorPlace["phase"];
  /**
   * Whoever awaits the handshake has had a turn to listen for errors. A promise is heard only after everything that a
   * stream says in its own turn: an error then would hit nobody, and end the process.
   */
  heard: boolean;
}

/**
 * Names every error of the socket for as long as it lives, and lets each end it: TLS 1.3 refuses a client certificate
 * only after the handshake. node:tls destroys the socket for some failures, and for others emits `error` alone and leaves
 * it open; here all go through `destroy`.
 */
function nameErrors(socket: TLSSocket, facts: HandshakeFacts): Naming {
  const naming: Naming = { phase: "handshake", heard: false };
  let reported = false;

  const destroy = socket.destroy.bind(socket);
  // Streams destroy with null where nothing is wrong, whatever the types say.
  socket.destroy = (error?: Error | null) => {
    if (error === undefined || error === null) return destroy();
    const { phase } = naming;
    const peerShown = phase === "handshake" && hasShownCertificate(socket);
    return destroy(nodeTlsErrorFrom(error, { ...facts, phase, peerShown }));
  };

  const emit = socket.emit.bind(socket) as (event: string | symbol, ...values: unknown[]) => boolean;
  socket.emit = (event: string | symbol, ...values: unknown[]) => {
    if (event !== "error") return emit(event, ...values);
    if (!socket.destroyed) socket.destroy(values[0] as Error);
    else if (socket.errored !== null && !reported) {
      reported = true;
      if (naming.phase === "handshake" || naming.heard) return emit(event, socket.errored);
      setImmediate(emit, event, socket.errored);
    }
    return true;
  };

  // A server's TLSSocket without a tls.Server reports failures by this event alone.
  if (facts.side === "server") socket.on("_tlsError", (error: Error) => socket.destroy(error));
  return naming;
}
