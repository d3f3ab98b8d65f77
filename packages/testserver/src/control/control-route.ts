import type { IncomingMessage, ServerResponse } from "node:http";
import type { NetworkContext } from "../services/network-context.ts";

/** One request to the control service; `Network` is what it controls. */
export interface ControlExchange<Network = NetworkContext> {
  readonly network: Network;
  readonly url: URL;
  readonly request: IncomingMessage;
  /** For routes that answer by themselves. */
  readonly response: ServerResponse;
  /** Reads a JSON object. Rejects with a {@link ControlRefusal} where the body is none. */
  readonly body: () => Promise<Readonly<Record<string, unknown>>>;
}

/** One thing that the control service does. */
export interface ControlRoute<Network = NetworkContext> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  /** One line that begins with a verb. */
  readonly does: string;
  /** The value becomes the answer, as JSON; without one the route has answered by itself. */
  readonly handle: (exchange: ControlExchange<Network>) => unknown;
}

/** Makes a list of routes. */
export function controlRoutes<Network = NetworkContext>(
  ...routes: readonly ControlRoute<Network>[]
): readonly ControlRoute<Network>[] {
  return routes;
}

/** A request that cannot be served; the message is one line for who sent it. */
export class ControlRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(`${JSON.stringify(value, null, 2)}\n`);
}

/** Answers with one line of text. */
export function answerLine(response: ServerResponse, status: number, line: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  response.end(`${line}\n`);
}
