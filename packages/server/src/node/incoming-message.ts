import { IncomingMessage } from "node:http";
import type { BodySource } from "../exchange/index.ts";
import { exchangeOf, requestContent } from "../fetch/index.ts";
import type { NodeSocket } from "./node-socket.ts";

/** Makes a request Node's own, whose content is read when it is read. */
export function incomingMessage(request: Request, socket: NodeSocket): IncomingMessage {
  // Whoever asks for its class gets one that reads from any socket: of that only what a NodeSocket has is used.
  const message = new IncomingMessage(socket as never);
  const head = exchangeOf(request)?.head;
  const isTunnel = head?.method === "CONNECT";
  message.method = isTunnel ? "GET" : request.method;
  message.url = head?.path ?? pathOf(request.url);
  const fields = head === undefined ? [...request.headers].flat() : [...head.fields];
  if (isTunnel) fields.push(...handshakeOfHttp1(head.upgrade ?? ""));
  addLines(message, fields);
  // Answers are written as one to HTTP/1.1 is, and read again: what the client speaks is for the server to know.
  message.httpVersionMajor = 1;
  message.httpVersionMinor = 1;
  message.httpVersion = head?.version === "2" ? "2.0" : (head?.version ?? "1.1");
  const content = requestContent(request);
  if (content === undefined) end(message);
  else feed(message, content);
  return message;
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** What stands in RFC 8441 section 5 for these fields, so that who knows the handshake of HTTP/1.1 finds it. */
function handshakeOfHttp1(protocol: string): string[] {
  return ["connection", "upgrade", "upgrade", protocol, "sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="];
}

/** Express gives messages another prototype, which takes methods of a class of ours away, and not those of the object. */
function feed(message: IncomingMessage, content: BodySource): void {
  message._read = function read(size) {
    IncomingMessage.prototype._read.call(message, size);
    content.read().then(
      (bytes) => {
        if (message.destroyed) return;
        if (bytes === undefined) end(message, content.trailers);
        else message.push(bytes);
      },
      (error: unknown) => {
        message.destroy(error instanceof Error ? error : new Error(String(error)));
      },
    );
  };
}

function end(message: IncomingMessage, trailers: readonly string[] = []): void {
  message.complete = true;
  addLines(message, [...trailers]);
  message.push(null);
}

/** Once it is complete they are trailers. The way of Node's own parser: there is no other that has objects made when asked. */
function addLines(message: IncomingMessage, fields: string[]): void {
  // Its types leave it out.
  (message as IncomingMessage & LineTaker)._addHeaderLines(fields, fields.length);
}

interface LineTaker {
  _addHeaderLines(fields: string[], length: number): void;
}
