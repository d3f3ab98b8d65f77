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
  const place = await requireOwnSocket(path);
  const relay = reverseProxy({
    target: `unix:${place}`,
    // The token is nobody's else to know.
    path: (asked) => asked.replace(/^\/[^/]*/, ""),
    forwarded: "neither",
    clientCert: false,
    // A browser sends cookies to all ports of a host, and credentials that it was once given.
    withhold: ["cookie", "authorization"],
    // What a program may say is looked at where it answers; nobody looks at what it says before.
    interim: false,
    connections: 64,
  });
  const served = await servePage(async (request, context) => {
    const answer = await relay(request, context);
    return answer.status === 502 || answer.status === 504 ? gone(path) : trimmed(answer);
  }, port);
  return {
    url: served.url,
    [Symbol.asyncDispose]: async () => {
      await served[Symbol.asyncDispose]();
      await relay.close();
    },
  };
}

/** What a program may say about its answer. */
const kept: ReadonlySet<string> = new Set(["content-type", "content-disposition", "content-length"]);

/**
 * Only what is answered counts: a program that is looked at sets no cookies on this host, asks for no passwords, leads
 * nowhere, and lets no other site in.
 */
function trimmed(answer: Response): Response {
  for (const name of [...answer.headers.keys()]) {
    const isOfSocket = answer.status === 101 && name.startsWith("sec-websocket-");
    if (!kept.has(name) && !isOfSocket) answer.headers.delete(name);
  }
  return answer;
}

function gone(path: string): Response {
  const problem = { title: "ATTACHED_GONE", status: 502, detail: `nobody answers at ${path}`, code: "ATTACHED_GONE" };
  return new LeanResponse(JSON.stringify(problem), {
    status: 502,
    fields: ["content-type", "application/problem+json"],
  });
}
