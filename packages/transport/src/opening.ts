import type { Socket } from "node:net";
import { transportErrorFrom } from "./transport-error.ts";

/** What the caller of an opening socket waits with. */
export interface Opening {
  readonly peer: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Waits until a connecting socket is connected. A failed or aborted one is destroyed, and none of the listeners stays.
 *
 * @throws TransportError; or the signal's reason.
 */
export function whenConnected(socket: Socket, { peer, signal }: Opening): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const settle = (): void => {
    socket.off("connect", onConnect);
    socket.off("error", onError);
    signal?.removeEventListener("abort", onAbort);
  };
  const onConnect = (): void => {
    settle();
    resolve(socket);
  };
  const onError = (error: Error): void => {
    settle();
    socket.destroy();
    reject(transportErrorFrom(error, { peer, operation: "connect" }));
  };
  const onAbort = (): void => {
    settle();
    socket.destroy();
    reject(signal?.reason);
  };
  socket.on("connect", onConnect);
  socket.on("error", onError);
  signal?.addEventListener("abort", onAbort);
  return promise;
}
