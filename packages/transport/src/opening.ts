import type { Socket } from "node:net";

/**
 * Waits until a connecting socket is connected. A failed or aborted one is destroyed, and none of the listeners stays.
 *
 * @throws what the system says; or the signal's reason.
 */
export function whenConnected(socket: Socket, signal: AbortSignal | undefined): Promise<Socket> {
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
    reject(error);
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
