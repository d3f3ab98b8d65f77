import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { type FetchHandler, LeanResponse, serve, withFields } from "@fairlead/server";
import { type ConsoleApi, consoleApi } from "../api/console-api.ts";
import type { Inspection } from "../inspection/inspection.ts";
import { admitRequest, type ConsoleAddress } from "./protocol/admit.ts";
import { apiFields } from "./security-fields.ts";
import { pageHandler } from "./serve-page.ts";

/** What is served, and where. */
export interface ServeConsoleOptions {
  /** What is looked at; a promise where it takes a while: the page is there before. */
  readonly inspection: Inspection | Promise<Inspection>;
  /** On 127.0.0.1; the system chooses by default. */
  readonly port?: number;
}

/** A console that can be looked at. */
export interface ServedConsole extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/TOKEN/`: whoever has it can do what the inspected program can. */
  readonly url: string;
}

/** Octets of a request's content: what is sent to a server, certificates. */
const BODY_LIMIT_BYTES = 4 * 1_048_576;
/** Page, files, WebSockets: no browser needs more. */
const CONNECTIONS_LIMIT = 64;
/** 192 bits. */
const TOKEN_BYTES = 24;

/**
 * Serves the console's page on loopback, at an address with a token that nobody can guess. Pages of other sites are refused,
 * whatever name they give this machine.
 *
 * @throws TransportError ADDRESS_IN_USE or another.
 *
 * @example
 * await using inspection = inspect(manager);
 * await using served = await serveConsole({ inspection });
 * console.log(served.url);
 */
export async function serveConsole({ inspection, port }: ServeConsoleOptions): Promise<ServedConsole> {
  const ready = Promise.resolve(inspection).then(consoleApi);
  // Who asks is told.
  ready.catch(() => undefined);
  return servePage(async (request, context, path) => (await ready)(request, context, path), port);
}

/** Serves the page, and has somebody answer for what is below `api/`. */
export async function servePage(api: ConsoleApi, port = 0): Promise<ServedConsole> {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const page = pageHandler();
  const where: { address?: ConsoleAddress } = {};
  const fetch: FetchHandler = async (request, context) => {
    const { method, headers } = request;
    const url = new URL(request.url);
    const { address } = where;
    const admission = address && admitRequest({ method, url, field: (name) => headers.get(name) }, address);
    if (admission?.type !== "admitted") return refusal();
    const { path } = admission;
    if (!path.startsWith("api/")) return page(request, path);
    return withFields(await api(request, context, path.slice("api/".length)), apiFields);
  };
  const running = await serve({
    fetch,
    port,
    host: "127.0.0.1",
    limits: { bodyBytes: BODY_LIMIT_BYTES },
    admission: { connections: CONNECTIONS_LIMIT },
  });
  const origin = `http://127.0.0.1:${String(running.port)}`;
  where.address = { origin, isToken: tokenCheck(token) };
  return {
    url: `${origin}/${token}/`,
    [Symbol.asyncDispose]: () => running.close({ graceMilliseconds: 0 }),
  };
}

/** The same for all who are not let in: it tells nobody that there is a console here. */
function refusal(): Response {
  return new LeanResponse(null, { status: 404, fields: apiFields });
}

/** Digests are of one length, whatever was sent, and tell by the time that it takes nothing of what they were made of. */
function tokenCheck(token: string): (candidate: string) => boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  const expected = digest(token);
  return (candidate) => timingSafeEqual(digest(candidate), expected);
}
