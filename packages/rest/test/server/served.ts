import type { ContentError } from "@fairlead/core";
import type { RequestContext } from "@fairlead/server";
import type { ApiDefinition, Handlers, Operation } from "../../src/contract/index.ts";
import { apiServer, type ApiServerOptions } from "../../src/server/index.ts";

/** A contract of one operation, served without a network, asked by the runtime's own requests. */
export interface Served {
  ask(target: string, init?: RequestInit): Promise<Response>;
  /** Asks by POST with JSON. */
  post(target: string, body: unknown): Promise<Response>;
  /** What was told to `onError`. */
  readonly errors: ContentError[];
}

/** Serves one operation. */
export function serveOne<const O extends Operation>(
  operation: O,
  handler: Handlers<{ readonly only: O }>["only"],
  options: ApiServerOptions = {},
): Served {
  const api: ApiDefinition<{ readonly only: O }> = { title: "One", version: "1", operations: { only: operation } };
  const errors: ContentError[] = [];
  // Each is looked at as what it should be.
  const onError = (error: unknown): unknown => errors.push(error as ContentError);
  const handlers: Handlers<{ readonly only: O }> = { only: handler };
  const fetch = apiServer(api, handlers, { onError, ...options });
  // No server is around it, as in other runtimes.
  const context = {} as RequestContext;
  const ask = async (target: string, init?: RequestInit): Promise<Response> =>
    fetch(new Request(`http://a.example${target}`, init), context);
  return {
    ask,
    post: (target, body) =>
      ask(target, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    errors,
  };
}

/** What a problem says. */
export async function problemOf(response: Promise<Response>): Promise<Readonly<Record<string, unknown>>> {
  const { status, headers } = await response;
  // Problems are objects.
  const details = (await (await response).json()) as Readonly<Record<string, unknown>>;
  if (headers.get("content-type") !== "application/problem+json") throw new Error("it is no problem");
  if (details["status"] !== status) throw new Error("it says another status than it has");
  return details;
}
