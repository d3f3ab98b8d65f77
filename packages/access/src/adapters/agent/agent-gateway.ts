import { UsageError } from "@fairlead/core";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { Deadline } from "../../deadline.ts";
import { hopOptions } from "../../hop-options.ts";
import { openExchange, type ExchangeDefaults } from "../../open-exchange.ts";
import type { EngineBody } from "../../request-body.ts";
import type { Target } from "../../target.ts";
import type { Tenant } from "../../tenants.ts";
import { timeoutsOf } from "../../timeouts.ts";
import { AgentConnection } from "./agent-connection.ts";
import { forwardedRequestFields } from "./forwarded-fields.ts";
import { ForwardedExchange, tieTransaction } from "./forwarded-exchange.ts";
import type { AgentOptions } from "./options.ts";

/** Bytes of a request's head. It is the program's own, and has no reason to be as small as a stranger's. */
const HEAD_LIMIT_BYTES = 1024 * 1024;
/** How long a stream is kept on which nothing is asked; libraries are told, and do not use it later. */
const IDLE_MILLISECONDS = 5_000;
/** A body that is no larger is taken whole, and can then be sent as often as it takes. */
const WHOLE_BODY_BYTES = 64 * 1024;

/**
 * Serves HTTP/1.1 to the libraries of this process, on streams that lead nowhere else, and makes each request by the
 * manager's own stages. What a library gets to hear is what a server on the next machine could have said.
 */
export class AgentGateway implements Tenant {
  readonly #defaults: ExchangeDefaults;
  readonly #server: Server;
  readonly #connections = new Map<Duplex, AgentConnection>();

  /** @param defaults whose dispatch follows HSTS's upgrades, and judges the redirects that libraries follow. */
  constructor(defaults: ExchangeDefaults) {
    this.#defaults = defaults;
    const http = process.getBuiltinModule("node:http");
    this.#server = http.createServer({
      maxHeaderSize: HEAD_LIMIT_BYTES,
      keepAliveTimeout: IDLE_MILLISECONDS,
      requestTimeout: 0,
      headersTimeout: 0,
    });
    this.#server
      .on("request", (incoming, response) => {
        this.#serve(incoming, response, undefined);
      })
      .on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (head.length > 0) socket.unshift(head);
        const response = new http.ServerResponse(incoming);
        response.shouldKeepAlive = false;
        // It writes to any stream; its type names sockets only.
        response.assignSocket(socket as unknown as Parameters<typeof response.assignSocket>[0]);
        response.once("finish", () => socket.end());
        this.#serve(incoming, response, incoming.headers.upgrade);
      })
      .on("connect", (_incoming: IncomingMessage, socket: Duplex) => {
        this.#refuse(socket, "method CONNECT", "give the proxy to the manager, which makes tunnels by itself");
      })
      .on("clientError", (_error: Error, socket: Duplex) => {
        this.#refuse(socket, "what was written is no request", "see what the library makes of its options");
      });
  }

  /** Opens a stream on which requests to one origin are served. */
  connect(target: Target, options: AgentOptions): AgentConnection {
    const connection = new AgentConnection(target, options);
    const { served } = connection;
    this.#connections.set(served, connection);
    served.once("close", () => this.#connections.delete(served));
    this.#server.emit("connection", served);
    return connection;
  }

  /** What is under way goes on, and what was begun in this moment is told by its own. */
  close(): Promise<void> {
    for (const { isBusy, socket } of this.#connections.values()) if (!isBusy) socket.destroy();
    return Promise.resolve();
  }

  destroy(reason: Error): void {
    for (const connection of this.#connections.values()) {
      if (connection.isBusy) connection.fail(reason);
      else connection.socket.destroy();
    }
  }

  #serve(incoming: IncomingMessage, response: ServerResponse, upgrade: string | undefined): void {
    const connection = this.#connections.get(incoming.socket);
    if (connection === undefined) return;
    response.sendDate = false;
    const fail = (error: unknown): void => {
      connection.onClose = undefined;
      connection.fail(error as Error);
    };
    try {
      const length = declaredLength(incoming);
      if (length === 0) this.#forward(connection, incoming, response, null, upgrade);
      else if (length > WHOLE_BODY_BYTES) this.#forward(connection, incoming, response, piecesOf(incoming), upgrade);
      else {
        wholeOf(incoming)
          .then((body) => {
            this.#forward(connection, incoming, response, body, upgrade);
          })
          .catch(fail);
      }
    } catch (error) {
      fail(error);
    }
  }

  #forward(
    connection: AgentConnection,
    incoming: IncomingMessage,
    response: ServerResponse,
    body: EngineBody,
    upgrade: string | undefined,
  ): void {
    const { target, options } = connection;
    const { underWay, dispatch, timeouts: ownTimeouts } = this.#defaults;
    const { method = "GET", url: path = "/" } = incoming;
    if (!path.startsWith("/") && path !== "*") throw pathRefused(target);
    underWay.begin();
    let isHandedOver = false;
    try {
      const abort = new AbortController();
      const timeouts = timeoutsOf(options.timeouts, ownTimeouts);
      const deadline =
        timeouts.total === Number.POSITIVE_INFINITY
          ? undefined
          : new Deadline(timeouts.total, abort.signal, target.peer);
      const exchange = openExchange(
        options,
        {
          signal: deadline?.signal ?? abort.signal,
          timeouts,
          body: body === null ? "none" : body instanceof Uint8Array ? "replayable" : "used",
          reopenBody: () => body,
          follows: "upgrades",
        },
        this.#defaults,
      );
      const headers = forwardedRequestFields(incoming.rawHeaders, target);
      const hop = {
        ...hopOptions({ target, path, method, headers, body }, exchange),
        ...(upgrade !== undefined && { upgrade }),
      };
      connection.onClose = (): void => {
        abort.abort(new DOMException("the request was given up", "AbortError"));
      };
      tieTransaction(connection, hop);
      const handler = new ForwardedExchange({ connection, incoming, response, hop, deadline, underWay });
      isHandedOver = true;
      dispatch(hop, handler);
    } catch (error) {
      if (!isHandedOver) underWay.end();
      throw error;
    }
  }

  #refuse(socket: Duplex, detail: string, remedy: string): void {
    const connection = this.#connections.get(socket);
    const peer = connection?.target.peer;
    connection?.fail(new UsageError("OPTION_INVALID", { peer, operation: "request", detail, remedy }));
  }
}

/** Bytes of the body as its head says; more than any where it does not. */
function declaredLength({ headers }: IncomingMessage): number {
  if (headers["transfer-encoding"] !== undefined) return Number.POSITIVE_INFINITY;
  return Number(headers["content-length"] ?? 0);
}

async function wholeOf(incoming: IncomingMessage): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(incoming) as unknown as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

/**
 * The body, read by iteration: who stops reading must not take the stream with it on which the response is to come.
 * The type that undici gives a body names Readable only.
 */
function piecesOf(incoming: IncomingMessage): Readable {
  return incoming.iterator({ destroyOnReturn: false }) as unknown as Readable;
}

function pathRefused({ peer }: Target): UsageError {
  return new UsageError("OPTION_INVALID", {
    peer,
    operation: "request",
    detail: "a path that is none, as for a proxy",
    remedy: "have the library use no proxy: the manager has its own ways",
  });
}
