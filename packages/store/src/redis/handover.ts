import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline, type Duplex } from "node:stream";

/** Where a stream can be fetched, once. */
export interface Handover {
  readonly path: string;
  /** Takes the path away; what was fetched stays. Calling it again is harmless. */
  readonly release: () => Promise<void>;
}

/**
 * Offers a stream to a library that only connects by itself: as a socket in a directory that nobody else can enter, or
 * as a pipe with a name that nobody can guess on Windows. The first who comes gets it.
 */
export async function handOver(stream: Duplex): Promise<Handover> {
  const directory = process.platform === "win32" ? undefined : await mkdtemp(join(tmpdir(), "fairlead-redis-"));
  const path = directory === undefined ? `\\\\.\\pipe\\fairlead-${randomUUID()}` : join(directory, "socket");
  const server = createServer({ allowHalfOpen: true });
  server.once("connection", (socket: Socket) => {
    // The stream's own connection decides whether the process stays alive.
    socket.unref();
    server.close();
    // Either end tells both: errors show as the end of a connection, which is what the library expects.
    pipeline(socket, stream, socket, () => {
      socket.destroy();
      stream.destroy();
    });
  });
  let released: Promise<void> | undefined;
  const release = (): Promise<void> => (released ??= remove(server, directory));
  try {
    server.listen(path);
    await once(server, "listening");
    server.unref();
    return { path, release };
  } catch (error) {
    stream.destroy();
    await release();
    throw error;
  }
}

async function remove(server: Server, directory: string | undefined): Promise<void> {
  if (server.listening) server.close();
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
}
