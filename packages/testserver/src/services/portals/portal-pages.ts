import type { IncomingMessage, ServerResponse } from "node:http";
import type { NetworkContext } from "../network-context.ts";

/** How long a client is let out, by the network's clock. */
export const sessionSeconds = 3600;

const formLimitBytes = 4096;

/** Whether clients of the network's portals are captive at this moment. */
export function isCaptive({ surroundings, clock }: NetworkContext): boolean {
  return surroundings.captivePortal.secondsLeft(clock.now()) === 0;
}

/** What a captive client gets in place of what it asked for. */
export type CaptiveAnswer = (request: IncomingMessage, response: ServerResponse, loginUrl: string) => void;

/** Answers with a page that nobody may keep. */
export function answerPage(
  response: ServerResponse,
  status: number,
  page: string,
  fields: readonly string[] = [],
): void {
  const body = Buffer.from(`<!doctype html>\n<meta charset="utf-8">\n<title>Wi-Fi</title>\n${page}\n`);
  const common = ["content-type", "text/html; charset=utf-8", "cache-control", "no-store"];
  response.writeHead(status, [...common, "content-length", String(body.length), ...fields]);
  response.end(response.req.method === "HEAD" ? undefined : body);
}

/** The form by which clients are let out. It works without scripts. */
export const loginForm =
  '<form method="post" action="/login"><label><input type="checkbox" name="accept" value="yes"> I accept the terms' +
  "</label><button>Go on</button></form>";

/** Serves the pages of the portal itself; `false` for what is none of them. */
export async function servePortalPage(
  network: NetworkContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { captivePortal } = network.surroundings;
  const path = URL.parse(request.url ?? "", "http://portal.invalid")?.pathname;
  if (path === "/login" && request.method === "POST") {
    const form = await readForm(request);
    if (form?.get("accept") !== "yes") answerPage(response, 400, `<p>Accept the terms to go on.</p>${loginForm}`);
    else {
      captivePortal.enter(network.clock.now() + sessionSeconds * 1000);
      answerPage(response, 303, "", ["location", "/welcome"]);
    }
    return true;
  }
  if (path === "/logout" && request.method === "POST") {
    captivePortal.isCaptive = true;
    answerPage(response, 303, "", ["location", "/login"]);
    return true;
  }
  if (path === "/login") answerPage(response, 200, loginForm);
  else if (path === "/welcome") {
    answerPage(
      response,
      200,
      '<p>You are online.</p><form method="post" action="/logout"><button>Leave</button></form>',
    );
  } else return false;
  return true;
}

/** What the probes of operating systems and browsers expect of a network that is not captive. */
const probes: Readonly<Record<string, readonly [status: number, type: string, body: string]>> = {
  "/generate_204": [204, "", ""],
  "/hotspot-detect.html": [200, "text/html", "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"],
  "/connecttest.txt": [200, "text/plain", "Microsoft Connect Test"],
  "/canonical.html": [
    200,
    "text/html",
    '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>',
  ],
  "/success.txt": [200, "text/plain", "success\n"],
};

/** Answers a probe as the server behind it would; `false` for any other request. */
export function serveProbe(request: IncomingMessage, response: ServerResponse): boolean {
  const path = URL.parse(request.url ?? "", "http://probe.invalid")?.pathname ?? "";
  const probe = Object.hasOwn(probes, path) ? probes[path] : undefined;
  if (probe === undefined) return false;
  const [status, type, body] = probe;
  const fields = status === 204 ? [] : ["content-type", type, "content-length", String(Buffer.byteLength(body))];
  response.writeHead(status, ["cache-control", "no-store", ...fields]);
  response.end(request.method === "HEAD" ? undefined : body);
  return true;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (sizeBytes > formLimitBytes) return undefined;
    pieces.push(piece);
  }
  return new URLSearchParams(Buffer.concat(pieces).toString());
}
