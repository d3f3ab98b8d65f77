import type { Socket } from "node:net";

/**
 * Looks at the first bytes of a connection, and then calls who is to have it, with all of them unread. Nothing is called
 * where the client leaves before.
 *
 * @param isEnough whether these bytes tell what is wanted; they grow until they do, or until the client has no more.
 */
export function lookAtFirstBytes(
  socket: Socket,
  isEnough: (bytes: Buffer) => boolean,
  serve: (bytes: Buffer) => void,
): void {
  let bytes = Buffer.alloc(0);
  const finish = (): void => {
    socket.off("data", onData).off("end", finish);
    socket.pause();
    if (bytes.length > 0) socket.unshift(bytes);
    serve(bytes);
    process.nextTick(() => {
      socket.resume();
    });
  };
  const onData = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    if (isEnough(bytes)) finish();
  };
  socket.on("data", onData).on("end", finish);
}
