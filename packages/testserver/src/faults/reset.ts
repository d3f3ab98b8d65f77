import type { Socket } from "node:net";

/** Resets a connection; a Unix socket, which knows no reset, is closed. */
export function reset(socket: Socket): void {
  if (socket.remoteFamily === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
