import { LeanResponse, reverseProxy } from "@fairlead/server";
import { type ServedConsole, servePage } from "../serving/serve-console.ts";
import { requireOwnSocket } from "./private-socket.ts";

/** Which program is looked at, and where. */
export interface AttachConsoleOptions {
  /** The socket that it offers. */
  readonly path: string;
  /** On 127.0.0.1; the system chooses by default. */
  readonly port?: number;
}

/**
 * Serves the console's page for a program that offers a look at its manager by `offerInspection`.
 *
 * @throws UsageError OPTION_INVALID where there is no socket of this user's; TransportError ADDRESS_IN_USE or another.
 */
export async function attachConsole({ path, port }: AttachConsoleOptions): Promise<ServedConsole> {
  await requireOwnSocket(path);
  const relay = reverseProxy({
    target: `unix:${path}`,
    // The token is nobody's else to know.
    path: (asked) => asked.replace(/^\/[^/]*/, ""),
    forwarded: "neither",
    clientCert: false,
    connections: 64,
  });
  const served = await servePage(async (request, context) => {
    const answer = await relay(request, context);
    return answer.status === 502 || answer.status === 504 ? gone(path) : answer;
  }, port);
  return {
    url: served.url,
    [Symbol.asyncDispose]: async () => {
      await served[Symbol.asyncDispose]();
      await relay.close();
    },
  };
}

function gone(path: string): Response {
  const problem = { title: "ATTACHED_GONE", status: 502, detail: `nobody answers at ${path}`, code: "ATTACHED_GONE" };
  return new LeanResponse(JSON.stringify(problem), {
    status: 502,
    fields: ["content-type", "application/problem+json"],
  });
}
