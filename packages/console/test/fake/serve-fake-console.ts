import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type WebSocket, WebSocketServer } from "ws";
import { loadPageFiles } from "#page-files";
import type { ConsoleEvent } from "../../src/protocol/index.ts";
import { pageFields } from "../../src/serving/security-fields.ts";

/** What a fake answers: bytes, or a value as JSON. */
export type FakeAnswer = Uint8Array | { readonly status?: number; readonly json?: unknown };

/** What a fake knows. */
export interface FakeScenario {
  /** Told to each page when it comes. */
  readonly events: readonly ConsoleEvent[];
  /** By method and path below `api/`, such as `GET transactions/1`; the query is not looked at. */
  readonly answers: Readonly<Record<string, FakeAnswer | ((body: string) => FakeAnswer)>>;
}

/** A server that says what it was told to, in the way of the console's: the page cannot tell them apart. */
export interface FakeConsole extends AsyncDisposable {
  readonly url: string;
  /** All that was asked for below `api/`: method, path with query, and body. */
  readonly asked: readonly string[];
  /** Tells an event to all pages that are there. */
  tell(event: ConsoleEvent): void;
  /** Takes the connections of all pages away, and refuses new ones until they are let in again. */
  hangUp(): void;
  /** Lets pages connect, who are told these events. */
  letIn(events?: readonly ConsoleEvent[]): void;
}

/** Serves the page, made of the sources as they are now, with an API that answers from a scenario. */
export async function serveFakeConsole(scenario: FakeScenario, { port = 0 } = {}): Promise<FakeConsole> {
  const files = await loadPageFiles();
  const asked: string[] = [];
  let events = scenario.events;
  let isAway = false;
  const server = createServer((request, response) => void serve(request, response));
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (isAway) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (each) => tellAll(each, [...events, { type: "told-all" }]));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the fake listens on no port");

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    const name = pathname === "/" ? "index.html" : pathname.slice(1);
    const file = files.get(name);
    if (file !== undefined) {
      response.writeHead(200, [...pageFields, "content-type", types[name.split(".").at(-1) ?? ""] ?? ""]);
      response.end(file);
      return;
    }
    const path = pathname.replace(/^\/api\//, "");
    const body = await text(request);
    asked.push([request.method ?? "", path + search, body].join(" ").trim());
    const found = scenario.answers[`${request.method ?? ""} ${path}`];
    const answer = typeof found === "function" ? found(body) : found;
    if (answer === undefined) {
      response.writeHead(404, { "content-type": "application/problem+json" });
      response.end(JSON.stringify({ title: "not found", detail: `the fake knows no ${path}`, code: "NOT_FOUND" }));
    } else if (answer instanceof Uint8Array) {
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(answer);
    } else {
      response.writeHead(answer.status ?? 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer.json ?? {}));
    }
  }

  return {
    url: `http://127.0.0.1:${address.port}/`,
    asked,
    tell: (event) => {
      for (const each of sockets.clients) tellAll(each, [event]);
    },
    hangUp: () => {
      isAway = true;
      for (const each of sockets.clients) each.terminate();
    },
    letIn: (anew = scenario.events) => {
      events = anew;
      isAway = false;
    },
    [Symbol.asyncDispose]: async () => {
      for (const each of sockets.clients) each.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
}

function tellAll(socket: WebSocket, events: readonly ConsoleEvent[]): void {
  for (const each of events) socket.send(JSON.stringify(each));
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};
