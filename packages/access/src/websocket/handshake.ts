import { ProtocolError } from "@fairlead/core";
import {
  answerHandshakeKey,
  checkServerHandshake,
  formatClientHandshake,
  type DeflateParameters,
  type WebSocketOffer,
} from "@fairlead/http/websocket";
import { createHash, randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { Deadline } from "../deadline.ts";
import type { DispatchController, DispatchHandler, ResponseFields } from "../dispatch.ts";
import { hopOptions } from "../hop-options.ts";
import { openExchange, type ExchangeDefaults } from "../open-exchange.ts";
import { flattenFields } from "../request-fields.ts";
import type { Target } from "../target.ts";
import { timeoutsOf } from "../timeouts.ts";
import { recordFailure, type Transaction } from "../transaction.ts";
import type { WebSocketOptions } from "./options.ts";

/** A stream on which WebSocket is spoken from here on, and what was agreed on. */
export interface AgreedStream {
  readonly stream: Duplex;
  readonly peer: string;
  readonly protocol: string;
  readonly deflate: DeflateParameters | undefined;
  readonly fields: ResponseFields;
  readonly transaction: Transaction;
}

/** A server that answered, and opens no WebSocket. */
export class WebSocketRefusal {
  readonly error: ProtocolError;
  readonly status: number;

  constructor(status: number, peer: string) {
    this.status = status;
    this.error = new ProtocolError("WEBSOCKET_REFUSED", {
      peer,
      operation: "open",
      detail: `status ${String(status)}`,
    });
  }
}

/**
 * Asks a server for a WebSocket, through all that a request passes.
 *
 * @param url of scheme http or https.
 * @throws WebSocketRefusal; TransportError, TlsError, PolicyError, TimeoutError; ProtocolError WEBSOCKET_HANDSHAKE_INVALID;
 * UsageError; or the signal's reason.
 */
export async function shakeHands(
  url: URL,
  options: WebSocketOptions,
  signal: AbortSignal,
  defaults: ExchangeDefaults,
): Promise<AgreedStream> {
  const timeouts = timeoutsOf(options.timeouts, defaults.timeouts);
  const target = defaults.targets.find(url.origin);
  const deadline =
    timeouts.total === Number.POSITIVE_INFINITY ? undefined : new Deadline(timeouts.total, signal, target.peer);
  const { underWay } = defaults;
  underWay.begin();
  try {
    const exchange = openExchange(
      { redirect: { type: "error" }, ...options, cache: "no-store" },
      { signal: deadline?.signal ?? signal, timeouts, body: "none", reopenBody: () => null },
      defaults,
    );
    const { protocols = [], compression = true } = options;
    const offer = { protocols: [protocols].flat(), deflate: compression ? {} : undefined };
    const key = randomBytes(16).toString("base64");
    const hop = hopOptions(
      {
        target,
        path: url.pathname + url.search,
        method: "GET",
        headers: handshakeFields(offer, key, options),
        body: null,
      },
      exchange,
    );
    const receiver = new HandshakeReceiver(offer, key, target, exchange.transaction);
    defaults.dispatch({ ...hop, upgrade: "websocket", mayExtendConnect: options.http2 ?? true }, receiver);
    return await receiver.agreed;
  } finally {
    deadline?.clear();
    underWay.end();
  }
}

function handshakeFields(offer: WebSocketOffer, key: string, { headers, origin }: WebSocketOptions): string[] {
  const fields = flattenFields(headers);
  if (origin !== undefined) fields.push("origin", origin);
  // Which version of HTTP it will be is decided later, and each adds what is its own: `Upgrade`, or `:protocol`.
  for (const [name, value] of formatClientHandshake(offer, { carrier: "h2" })) fields.push(name, value);
  fields.push("sec-websocket-key", key);
  return fields;
}

/** Takes in the answer to a handshake. */
class HandshakeReceiver implements DispatchHandler {
  readonly #offer: WebSocketOffer;
  readonly #key: string;
  readonly #target: Target;
  readonly #transaction: Transaction;
  readonly #agreed = Promise.withResolvers<AgreedStream>();
  #refusal: WebSocketRefusal | undefined;

  constructor(offer: WebSocketOffer, key: string, target: Target, transaction: Transaction) {
    this.#offer = offer;
    this.#key = key;
    this.#target = target;
    this.#transaction = transaction;
  }

  get agreed(): Promise<AgreedStream> {
    return this.#agreed.promise;
  }

  onRequestStart(): void {
    // The controller comes with the response, which is the first that anything is decided about.
  }

  onResponseStart(controller: DispatchController, status: number): void {
    if (status < 200) return;
    this.#refusal = new WebSocketRefusal(status, this.#target.peer);
    controller.abort(this.#refusal.error);
  }

  onResponseData(): void {
    // What a refusal says is not read.
  }

  onResponseEnd(): void {
    this.#fail(new Error("a response ended that was given up"));
  }

  onResponseError(_controller: DispatchController, error: Error): void {
    this.#fail(error);
  }

  onRequestUpgrade(_controller: DispatchController, status: number, fields: ResponseFields, stream: Duplex): void {
    const over =
      status === 101
        ? ({ carrier: "http/1.1", accept: answerHandshakeKey(this.#key, sha1) } as const)
        : ({ carrier: "h2" } as const);
    const result = checkServerHandshake({ status, fields }, this.#offer, over);
    const { peer } = this.#target;
    switch (result.type) {
      case "open": {
        // Whoever takes it listens a moment later.
        stream.on("error", () => undefined);
        const { protocol, deflate } = result;
        this.#agreed.resolve({ stream, peer, protocol, deflate, fields, transaction: this.#transaction });
        return;
      }
      case "refused":
        stream.destroy();
        this.#refusal = new WebSocketRefusal(status, peer);
        this.#fail(this.#refusal.error);
        return;
      case "invalid": {
        stream.destroy();
        const { detail } = result;
        this.#fail(new ProtocolError("WEBSOCKET_HANDSHAKE_INVALID", { peer, operation: "open", detail }));
        return;
      }
    }
  }

  #fail(error: Error): void {
    recordFailure(error, this.#transaction);
    this.#agreed.reject(this.#refusal ?? error);
  }
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("base64");
}
