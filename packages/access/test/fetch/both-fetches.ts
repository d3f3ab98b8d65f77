import type { NetworkAccessManager } from "@fairlead/access";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import * as undici from "undici";

/** One implementation of the Fetch Standard, with the classes that belong to it. */
export interface Implementation {
  readonly name: string;
  readonly fetch: typeof globalThis.fetch;
  readonly Request: typeof globalThis.Request;
  readonly Headers: typeof globalThis.Headers;
  readonly FormData: typeof globalThis.FormData;
}

/** undici's, which the runtime has built in: what ours is compared with. Its types are its own, and the same. */
export const reference = {
  name: "undici",
  fetch: undici.fetch,
  Request: undici.Request,
  Headers: undici.Headers,
  FormData: undici.FormData,
} as unknown as Implementation;

/** The manager's, with the runtime's classes. */
export function ours(manager: NetworkAccessManager): Implementation {
  return { name: "manager", fetch: (input, init) => manager.fetch(input, init), Request, Headers, FormData };
}

/** What a server saw of one request. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  /** Without what names the implementation, or the connection. */
  readonly fields: Record<string, string | string[] | undefined>;
  /** Latin-1. */
  readonly body: string;
}

/** A server on loopback that notes what it sees. */
export interface NotingServer extends AsyncDisposable {
  readonly origin: string;
  /** All requests since the last call. */
  take(): SeenRequest[];
}

/** Starts a server that notes each request whole before `answer` answers it. */
export async function notingServer(answer: RequestListener): Promise<NotingServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    // A request that is given up is none.
    note(request).then(
      (one) => {
        seen.push(one);
        answer(request, response);
      },
      () => undefined,
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${String(port)}`,
    take: () => seen.splice(0),
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
}

const OF_THE_CONNECTION: ReadonlySet<string> = new Set(["host", "connection", "user-agent", "keep-alive"]);

async function note(request: IncomingMessage): Promise<SeenRequest> {
  const body = (await buffer(request)).toString("latin1");
  const fields = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !OF_THE_CONNECTION.has(name)));
  return withoutBoundary({ method: request.method ?? "", target: request.url ?? "", fields, body });
}

/** Each implementation makes boundaries of its own, of its own length. */
function withoutBoundary(seen: SeenRequest): SeenRequest {
  const boundary = /boundary=(.+)$/.exec(String(seen.fields["content-type"]))?.[1];
  if (boundary === undefined) return seen;
  const { "content-length": length, ...fields } = seen.fields;
  if (length !== undefined && Number(length) !== seen.body.length)
    throw new Error("the length is not that of the body");
  return {
    ...seen,
    fields: { ...fields, "content-type": "multipart/form-data; boundary=…" },
    body: seen.body.replaceAll(boundary, "…"),
  };
}

/** How one call ended, in a form that can be compared. */
export async function outcome(run: () => Promise<Response>): Promise<object> {
  let response: Response;
  try {
    response = await run();
  } catch (error) {
    return { rejected: nameOf(error) };
  }
  const { status, statusText, ok, url, redirected, type, headers } = response;
  const head = { status, statusText, ok, path: url.replace(/^https?:\/\/[^/]*|(?<=^blob:).*/, ""), redirected, type };
  const fields = [...headers].filter(([name]) => !["date", "connection", "keep-alive"].includes(name));
  const hasBody = response.body !== null;
  try {
    const text = await response.text();
    return { ...head, fields, hasBody, text, bodyUsed: response.bodyUsed };
  } catch (error) {
    return { ...head, fields, hasBody, failed: nameOf(error) };
  }
}

/** An error by its kind; what is none, as it is. */
function nameOf(error: unknown): unknown {
  if (error instanceof DOMException) return error.name;
  if (error instanceof TypeError) return "TypeError";
  return error instanceof Error ? `${error.name}: ${error.message}` : error;
}
