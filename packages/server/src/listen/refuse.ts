import type { Duplex } from "node:stream";

/** What a client is told that is not let in. */
export interface RefusalAnswer {
  readonly status: 503;
  readonly retryAfterSeconds: number;
}

/**
 * Ends a connection whose request nobody reads; with an answer where there is one. It waits for the client to close, so
 * that no reset overtakes the answer, but not for long.
 */
export function refuse(stream: Duplex, answer: RefusalAnswer | undefined): void {
  if (answer === undefined) {
    stream.destroy();
    return;
  }
  const timer = setTimeout(() => stream.destroy(), lingerMilliseconds);
  stream.once("close", () => clearTimeout(timer));
  stream.once("end", () => stream.destroy());
  stream.end(written(answer));
  // Discards what comes.
  stream.resume();
}

const lingerMilliseconds = 1_000;

function written({ status, retryAfterSeconds }: RefusalAnswer): string {
  return [
    `HTTP/1.1 ${String(status)} Service Unavailable`,
    `Retry-After: ${String(retryAfterSeconds)}`,
    "Content-Length: 0",
    "Connection: close",
    "\r\n",
  ].join("\r\n");
}
