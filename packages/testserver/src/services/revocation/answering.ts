import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";

/** What is asked of a service that answers with files. */
export interface Asked {
  /** Without the query. */
  readonly path: string;
  readonly body: Uint8Array;
}

/** What is answered. */
export type Answer =
  | { readonly type: "file"; readonly mediaType: string; readonly bytes: Uint8Array | string; readonly status?: number }
  | { readonly type: "redirect"; readonly to: string }
  /** The same, some seconds later. */
  | { readonly type: "late"; readonly answer: Answer }
  /** Nothing, and the connection stays open. */
  | { readonly type: "silence" }
  /** Zeros, 64 MiB of them, with a media type that promises something else. */
  | { readonly type: "flood"; readonly mediaType: string };

/** There is nothing at this path. */
export const missing: Answer = { type: "file", mediaType: "text/plain", bytes: "there is nothing here\n", status: 404 };

const bodyLimitBytes = 65_536;
const lateMilliseconds = 3000;
const floodChunk = new Uint8Array(65_536);
const floodChunks = 1024;

/** Answers requests by HTTP/1.1, one function for all of them. */
export function openAnswering(
  network: NetworkContext,
  { name, connections }: ServiceSelf,
  decide: (asked: Asked) => Answer | Promise<Answer>,
): StreamDriver {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url: target = "/" } = request;
    const connection = connections.find(request.socket)?.number ?? 0;
    network.traffic.add({ type: "request", service: name, connection, method, target });
    const [path = "/"] = target.split("?");
    const body = await readBody(request);
    const answer = body === undefined ? tooLarge : await decide({ path, body });
    await give(response, answer, network.clock.now());
  };
  const server = createServer((request, response) => {
    // A client that went away, or a target that no URL has: nobody is left to be told more.
    serve(request, response).catch(() => response.destroy());
  });
  return { accept: (socket) => server.emit("connection", socket) };
}

const tooLarge: Answer = { type: "file", mediaType: "text/plain", bytes: "that is too much\n", status: 413 };

async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > bodyLimitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function give(response: ServerResponse, answer: Answer, now: number): Promise<void> {
  response.sendDate = false;
  response.setHeader("Date", new Date(now).toUTCString());
  switch (answer.type) {
    case "file":
      response.writeHead(answer.status ?? 200, { "content-type": answer.mediaType }).end(answer.bytes);
      return;
    case "redirect":
      response.writeHead(302, { location: answer.to }).end();
      return;
    case "late": {
      const gone = new AbortController();
      response.once("close", () => {
        gone.abort();
      });
      await wait(lateMilliseconds, undefined, { signal: gone.signal });
      await give(response, answer.answer, now);
      return;
    }
    case "silence":
      return;
    case "flood":
      response.writeHead(200, { "content-type": answer.mediaType });
      await pipeline(Readable.from(flood()), response);
  }
}

function* flood(): Generator<Uint8Array> {
  for (let number = 0; number < floodChunks; number += 1) yield floodChunk;
}
