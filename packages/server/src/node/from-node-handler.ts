import { ServerResponse, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { exchangeOf } from "../fetch/index.ts";
import type { FetchHandler } from "../fetch-handler.ts";
import { incomingMessage } from "./incoming-message.ts";
import { NodeAnswer } from "./node-answer.ts";
import { nodeSocket, type NodeSocket } from "./node-socket.ts";

/** What Node's `http.createServer` takes: an Express app is one. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** What a handler of Node's may have beside it. */
export interface NodeHandlerOptions {
  /**
   * As a listener of `upgrade` of Node's server: `(request, socket, head) => webSocketServer.handleUpgrade(...)`. Without it
   * a request to upgrade goes to the handler, as any other.
   */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => unknown;
}

/**
 * Makes a handler for `(req, res)`, of Express or bare, one in the shape of the Fetch Standard. It is given Node's own
 * `IncomingMessage` and `ServerResponse`, and a socket that says who the client is.
 *
 * @example
 * ```ts
 * const app = express();
 * app.get("/hello", (_req, res) => res.json({ hello: "world" }));
 * await serve({ fetch: fromNodeHandler(app) });
 * ```
 */
export function fromNodeHandler(handler: NodeHandler, { onUpgrade }: NodeHandlerOptions = {}): FetchHandler {
  return (request, context) => {
    const upgrade = onUpgrade !== undefined && exchangeOf(request)?.head.upgrade !== undefined;
    const answer = new NodeAnswer({ method: request.method, upgrade }, context);
    const socket = nodeSocket(context.connection, answer);
    answer.onCancelled = () => socket.destroy();
    answer.onUpgraded = (stream, rest) => {
      if (rest.length > 0) stream.write(rest);
      socket.join(stream);
    };
    const message = incomingMessage(request, socket);
    try {
      const handled = upgrade
        ? onUpgrade(message, socket, Buffer.alloc(0))
        : handler(message, serverResponse(message, socket, answer));
      if (handled instanceof Promise) handled.catch(fail);
    } catch (error) {
      fail(error);
    }
    // Most answer at once.
    if (!answer.hasEnded) endWithClient(request.signal, message, socket);
    return answer.response;

    function fail(error: unknown): void {
      answer.fail(error);
      socket.destroy();
    }
  };
}

/** What Node's server does with a response from its making to its end. */
function serverResponse(message: IncomingMessage, socket: NodeSocket, answer: NodeAnswer): ServerResponse {
  const response = new ServerResponse(message);
  response.sendDate = false;
  // It asks no more of a socket than that it is a stream, for all that its type says.
  response.assignSocket(socket as never);
  socket.on("drain", () => {
    clearNeedDrain(response);
    response.emit("drain");
  });
  response.once("finish", () => {
    answer.end();
    if (!message.readableEnded) message.resume();
    // Not within the callback of its last write, which would be told of it as an error.
    process.nextTick(() => socket.destroy());
  });
  return response;
}

/** Node's server does so when there is room again, by a mark that has no public name: `writableNeedDrain` stayed true. */
function clearNeedDrain(response: ServerResponse): void {
  const mark = Object.getOwnPropertySymbols(response).find(({ description }) => description === "kNeedDrain");
  if (mark !== undefined) Object.assign(response, { [mark]: false });
}

function endWithClient(signal: AbortSignal, message: IncomingMessage, socket: NodeSocket): void {
  const leave = (): void => {
    const reason: unknown = signal.reason;
    if (!message.readableEnded) message.destroy(reason instanceof Error ? reason : undefined);
    socket.destroy();
  };
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave);
  socket.once("close", () => {
    signal.removeEventListener("abort", leave);
  });
}
