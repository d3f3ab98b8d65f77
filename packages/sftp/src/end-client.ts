import type { Duplex } from "node:stream";
import type { Client } from "ssh2";

/** Says goodbye where that is still possible, and cuts the stream. */
export function endClient(client: Client | undefined, stream: Duplex | undefined): void {
  // What the library or the stream say after their end is nobody's business any more.
  client?.on("error", () => undefined);
  stream?.on("error", () => undefined);
  try {
    client?.end();
  } catch {
    // It throws where the peer's last message was no message: there is nothing left to say goodbye with.
  }
  stream?.destroy();
}
