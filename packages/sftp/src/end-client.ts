import type { Duplex } from "node:stream";
import type { Client } from "ssh2";

/** For how long a server may take to hang up, too. */
const LINGER_MILLISECONDS = 1_000;

/** Says goodbye, and hangs up when the server does, or soon after. Nothing waits for that. */
export function leave(client: Client, stream: Duplex & { unref?(): void }): void {
  sayGoodbye(client, stream);
  stream.unref?.();
  const timer = setTimeout(() => stream.destroy(), LINGER_MILLISECONDS).unref();
  stream.once("close", () => {
    clearTimeout(timer);
  });
}

/** Says goodbye where that is still possible, and hangs up. */
export function hangUp(client: Client | undefined, stream: Duplex | undefined): void {
  sayGoodbye(client, stream);
  stream?.destroy();
}

function sayGoodbye(client: Client | undefined, stream: Duplex | undefined): void {
  // What the library or the stream say after their end is nobody's business any more.
  client?.on("error", () => undefined);
  stream?.on("error", () => undefined);
  try {
    client?.end();
  } catch {
    // It throws where the peer's last message was no message: there is nothing left to say goodbye with.
  }
}
