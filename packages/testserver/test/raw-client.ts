import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ServiceName, TestNetwork } from "@fairlead/testserver";

/** How the server left the connection. */
export type Ending = "ended" | "reset" | "open";

/** All that came over one connection, one character a byte. */
export interface RawAnswer {
  readonly text: string;
  readonly ending: Ending;
}

/** A response taken apart without any HTTP library. */
export interface RawResponse extends RawAnswer {
  readonly status: number;
  /** Values of a field, in order; the name in lower case. */
  readonly field: (name: string) => readonly string[];
  readonly body: string;
}

/**
 * Writes bytes on a new connection and collects what comes back, until the server closes, or `until` has come or
 * fired; then the client leaves.
 */
export async function talk(
  network: TestNetwork,
  listenerName: ServiceName,
  request: string,
  until?: string | AbortSignal,
): Promise<RawAnswer> {
  const { host, port, scheme } = network.service(listenerName);
  const socket: Socket =
    scheme === "https"
      ? connectTls({ host, port, servername: "localhost", ca: network.ca.certificate })
      : connectTcp({ host, port });
  socket.setEncoding("latin1");
  if (request !== "") socket.write(request, "latin1");
  return await new Promise((resolve, reject) => {
    let text = "";
    const finish = (ending: Ending): void => {
      socket.destroy();
      resolve({ text, ending });
    };
    socket.on("data", (piece: string) => {
      text += piece;
      if (typeof until === "string" && text.includes(until)) finish("open");
    });
    if (until instanceof AbortSignal) until.addEventListener("abort", () => finish("open"), { once: true });
    socket.once("end", () => finish("ended"));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET" || error.code === "EPIPE") finish("reset");
      else reject(error);
    });
  });
}

/** The bytes of a request that asks to close the connection afterwards. */
export function requestBytes(target: string, method = "GET", fields: readonly string[] = [], body = ""): string {
  const host = fields.some((field) => field.startsWith("Host:")) ? [] : ["Host: localhost"];
  const length = body === "" ? [] : [`Content-Length: ${body.length}`];
  return [`${method} ${target} HTTP/1.1`, ...host, "Connection: close", ...length, ...fields, "", body].join("\r\n");
}

/** Takes a response apart that came with a Content-Length or ended with the connection. */
export function parseResponse(answer: RawAnswer): RawResponse {
  const split = answer.text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = answer.text.slice(0, split).split("\r\n");
  const fields = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return {
    ...answer,
    status: Number(statusLine.split(" ")[1]),
    field: (wanted) => fields.filter(([name]) => name === wanted).map(([, value]) => value),
    body: answer.text.slice(split + 4),
  };
}

/** The content of a body in chunks, RFC 9112 section 7.1, and the trailer fields behind it. */
export function dechunk(body: string): { readonly content: string; readonly trailers: string } {
  let [content, at] = ["", 0];
  for (;;) {
    const lineEnd = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.slice(at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error(`no chunk begins at ${at}`);
    if (size === 0) return { content, trailers: body.slice(lineEnd + 2) };
    content += body.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 4 + size;
  }
}
