import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers one request; `count` is 1 for the first. */
export type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server for one test, which counts what it is asked. */
export interface CacheOrigin extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  /** Resolves when so many requests have come. */
  asked(count: number): Promise<void>;
}

/** Starts a server on the loopback interface. */
export async function cacheOrigin(answer: Answer): Promise<CacheOrigin> {
  const requests: IncomingMessage[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    // Its clock would not move with that of the test.
    response.sendDate = false;
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    answer(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    asked: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers 200 with fields and a body that tells which answer it is. */
export function counting(fields: Readonly<Record<string, string>>): Answer {
  return (_request, response, count) => {
    response.writeHead(200, fields).end(String(count));
  };
}

/** A clock that a test moves. */
export function movableClock(): { readonly now: () => number; advance(seconds: number): void } {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance: (seconds) => {
      ahead += seconds * 1_000;
    },
  };
}
