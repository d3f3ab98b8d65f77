import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { TlsError, TransportError } from "@fairlead/core";
import type { TlsSocket } from "../contract.ts";
import { nodeTlsErrorFrom, type ErrorPlace } from "./node-tls-error.ts";

/** What a handshake needs to know beside the two streams. */
export interface HandshakeFacts {
  readonly side: "client" | "server";
  readonly peer: string | undefined;
  readonly sentCertificate: boolean;
  readonly signal: AbortSignal | undefined;
  /** Looks at the finished handshake, and returns what speaks against it. Must not throw. */
  readonly judge?: (socket: TLSSocket) => TlsError | undefined;
}

/**
 * Refuses a stream that nothing can be secured over any more.
 *
 * @throws TransportError STREAM_CLOSED, or the Fairlead error that the stream failed with.
 */
export function requireOpen(below: Duplex, peer: string | undefined): void {
  if (!below.destroyed && below.readable && below.writable) return;
  const cause = below.errored ?? undefined;
  throw new TransportError("STREAM_CLOSED", { peer, operation: "secure", cause });
}

/**
 * Waits until `socket` is secure. From then on its errors are named and it owns `below`; on failure both are destroyed.
 *
 * @throws TlsError; or the signal's reason.
 */
export function whenSecure(socket: TLSSocket, below: Duplex, facts: HandshakeFacts): Promise<TlsSocket> {
  const { signal, side } = facts;
  const secured = side === "client" ? "secureConnect" : "secure";
  const { promise, resolve, reject } = Promise.withResolvers<TlsSocket>();
  const place = nameErrors(socket, below, facts);

  const settle = (): void => {
    socket.off(secured, onSecure);
    socket.off("error", onError);
    socket.off("close", onClose);
    signal?.removeEventListener("abort", onAbort);
  };
  const fail = (reason: unknown): void => {
    settle();
    // Whatever comes out of a handshake that has already failed is no news to anybody.
    socket.on("error", () => undefined);
    socket.destroy();
    below.destroy();
    // An AbortSignal's reason is the caller's own value; it is passed on as it is.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    reject(reason);
  };
  const onSecure = (): void => {
    const objection = facts.judge?.(socket);
    if (objection !== undefined) {
      fail(objection);
      return;
    }
    settle();
    place.phase = "established";
    resolve(socket);
  };
  const onError = (error: Error): void => fail(error);
  const onClose = (): void => fail(new TlsError("TLS_CLOSED_IN_HANDSHAKE", { peer: facts.peer, operation: "secure" }));
  const onAbort = (): void => fail(signal?.reason);

  socket.on(secured, onSecure);
  socket.on("error", onError);
  socket.on("close", onClose);
  signal?.addEventListener("abort", onAbort);
  return promise;
}

/**
 * Makes every error that destroys the socket a named one, for as long as it lives: TLS 1.3 refuses a client
 * certificate only after the handshake.
 */
function nameErrors(socket: TLSSocket, below: Duplex, facts: HandshakeFacts): { phase: ErrorPlace["phase"] } {
  const place: { phase: ErrorPlace["phase"] } = { phase: "handshake" };
  const { destroy } = socket;
  // `destroy` is where all of node:tls's own failures pass, while the peer's certificate can still be read.
  socket.destroy = (error) =>
    destroy.call(
      socket,
      error && nodeTlsErrorFrom(error, { ...facts, phase: place.phase, leaf: peerCertificate(socket) }),
    );
  // A server's TLSSocket without a tls.Server reports failures by this event alone.
  if (facts.side === "server") socket.on("_tlsError", (error: Error) => socket.destroy(error));
  below.on("error", (error) => socket.destroy(error));
  return place;
}

function peerCertificate(socket: TLSSocket): ReturnType<TLSSocket["getPeerX509Certificate"]> {
  return socket.destroyed ? undefined : socket.getPeerX509Certificate();
}
