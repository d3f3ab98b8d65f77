import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Deadline } from "../../deadline.ts";
import type { DispatchController, DispatchHandler, HopOptions, ResponseFields } from "../../dispatch.ts";
import { recordFailure, recordTransaction } from "../../transaction.ts";
import type { UnderWay } from "../../under-way.ts";
import type { AgentConnection } from "./agent-connection.ts";
import { forwardedResponseFields } from "./forwarded-fields.ts";

/** What one request of a library is answered through. */
export interface ForwardedRequest {
  readonly connection: AgentConnection;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly hop: HopOptions;
  readonly deadline: Deadline | undefined;
  readonly underWay: UnderWay;
}

/** Writes what happens to a request of a library to the stream on which it waits. */
export class ForwardedExchange implements DispatchHandler {
  readonly #forwarded: ForwardedRequest;
  #isAnswered = false;

  constructor(forwarded: ForwardedRequest) {
    this.#forwarded = forwarded;
  }

  onRequestStart(): void {
    // There is nobody yet who could pause.
  }

  onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    const { connection, response } = this.#forwarded;
    if (status < 200) {
      // RFC 9110 section 15.2.1: that it may send its body, the library was told already.
      if (status > 100) connection.served.write(formatHead(status, message, forwardedResponseFields(fields)), "latin1");
      return;
    }
    this.#settle();
    this.#tell();
    response.on("drain", () => {
      controller.resume();
    });
    response.writeHead(status, message ?? "", forwardedResponseFields(fields));
  }

  onResponseData(controller: DispatchController, chunk: Buffer): void {
    if (!this.#forwarded.response.write(chunk)) controller.pause();
  }

  onResponseEnd(_controller: DispatchController, trailers: ResponseFields): void {
    const { response, incoming } = this.#forwarded;
    this.#over();
    if (response.chunkedEncoding && Object.keys(trailers).length > 0) response.addTrailers(trailers);
    response.end();
    // What is left of a body that nobody wanted would stand in the way of the next request.
    incoming.resume();
  }

  onResponseError(_controller: DispatchController, error: Error): void {
    const { connection, hop } = this.#forwarded;
    recordFailure(error, hop.exchange.transaction);
    this.#settle();
    this.#over();
    connection.fail(error);
  }

  onRequestUpgrade(_controller: DispatchController, status: number, fields: ResponseFields, stream: Duplex): void {
    const { connection, response } = this.#forwarded;
    const { served } = connection;
    this.#settle();
    this.#tell();
    this.#over();
    response.detachSocket(served as unknown as Parameters<typeof response.detachSocket>[0]);
    const upgrade: string | readonly string[] | undefined = fields["upgrade"];
    const agreed = upgrade === undefined ? [] : ["upgrade", String(upgrade)];
    const head = [...forwardedResponseFields(fields), "connection", "upgrade", ...agreed];
    served.write(formatHead(status, "Switching Protocols", head), "latin1");
    joinStreams(served, stream);
  }

  /** What is known by now, for whoever looks at the request, its response or its socket. */
  #tell(): void {
    const { connection, hop } = this.#forwarded;
    const { hops } = hop.exchange.transaction;
    const { connection: facts } = hops.at(-1) ?? hop.hop;
    connection.socket.facts = facts && { remoteAddress: facts.remoteAddress, tls: facts.tls };
  }

  /** There is an answer, or will be none. */
  #settle(): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#forwarded.underWay.end();
  }

  #over(): void {
    const { connection, deadline, hop } = this.#forwarded;
    deadline?.clear();
    connection.onClose = undefined;
    const { onTransaction } = connection.options;
    const { request } = connection.socket;
    if (onTransaction === undefined || request === undefined) return;
    // What the application throws is its own, and no failure of the request.
    queueMicrotask(() => {
      onTransaction(hop.exchange.transaction, request);
    });
  }
}

/** Ties the request of a library, and by it its response, to what happens for it. */
export function tieTransaction({ socket }: AgentConnection, { exchange }: HopOptions): void {
  if (socket.request !== undefined) recordTransaction(socket.request, exchange.transaction);
}

/** The fields were parsed, and hold nothing that ends a line. */
function formatHead(status: number, message: string | undefined, fields: readonly string[]): string {
  let head = `HTTP/1.1 ${String(status)} ${message ?? ""}\r\n`;
  for (let index = 0; index < fields.length; index += 2)
    head += `${fields[index] ?? ""}: ${fields[index + 1] ?? ""}\r\n`;
  return `${head}\r\n`;
}

/** From here on bytes are passed as they come, both ways, and one end is the other's. */
function joinStreams(served: Duplex, stream: Duplex): void {
  served.on("error", () => stream.destroy());
  stream.on("error", () => served.destroy());
  served.on("close", () => stream.destroy());
  stream.on("close", () => {
    if (!served.writableEnded) served.destroy();
  });
  served.pipe(stream);
  stream.pipe(served);
}
