import type { IncomingMessage, RequestListener } from "node:http";
import { UsageError } from "@fairlead/core";
import { answerJson, answerLine, ControlRefusal, type ControlRoute } from "./control-route.ts";

/** What a control port is made of. */
export interface ControlListenerOptions<Network> {
  readonly routes: readonly ControlRoute<Network>[];
  readonly network: Network;
  /** Its own port. */
  readonly port: () => number;
}

/** Answers the requests to a control port: of this machine alone, by the routes, with JSON or one line. */
export function controlListener<Network>(options: ControlListenerOptions<Network>): RequestListener {
  return (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else if (error instanceof ControlRefusal) answerLine(response, error.status, error.message);
      else if (error instanceof UsageError) answerLine(response, 400, error.message);
      else answerLine(response, 500, `the network failed: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
}

async function answer<Network>(
  { routes, network, port }: ControlListenerOptions<Network>,
  ...[request, response]: Parameters<RequestListener>
): Promise<void> {
  const { host = "", origin } = request.headers;
  requireLocal(host, origin, port());
  const url = URL.parse(request.url ?? "/", "http://control.invalid");
  if (url === null) throw new ControlRefusal(400, "the request's target is no URL");
  const here = routes.filter(({ path }) => path === url.pathname);
  if (here.length === 0) {
    const paths = [...new Set(routes.map(({ path }) => path))];
    throw new ControlRefusal(404, `there is nothing here; try ${paths.join(", ")}`);
  }
  const method = request.method === "HEAD" ? "GET" : request.method;
  const route = here.find((each) => each.method === method);
  if (route === undefined) {
    response.setHeader("allow", here.map((each) => each.method).join(", "));
    throw new ControlRefusal(405, `${url.pathname} takes ${here.map((each) => each.method).join(", ")}`);
  }
  const value = await route.handle({ network, url, request, response, body: () => readJson(request) });
  if (value !== undefined) answerJson(response, value);
}

/**
 * A web page elsewhere must not control the network, neither by a request across origins nor by a name of its own that
 * resolves to loopback.
 */
function requireLocal(host: string, origin: string | undefined, port: number): void {
  const name = host.replace(/:\d+$/, "");
  if (!/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(name)) {
    throw new ControlRefusal(421, "this is asked for by another name; use localhost or 127.0.0.1");
  }
  const own = [`http://localhost:${port}`, `http://127.0.0.1:${port}`, `http://[::1]:${port}`];
  if (origin !== undefined && !own.includes(origin)) throw new ControlRefusal(403, "pages elsewhere have no access");
}

const bodyLimitBytes = 65_536;

async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    throw new ControlRefusal(415, "send JSON, with Content-Type: application/json");
  }
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (sizeBytes > bodyLimitBytes) throw new ControlRefusal(413, `the body is longer than ${bodyLimitBytes} bytes`);
    pieces.push(piece);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(pieces).toString());
    // An object has members of whatever kind; each is looked at by its route.
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, as for JSON that is no object.
  }
  throw new ControlRefusal(400, "the body must be a JSON object");
}
