import { EventEmitter } from "node:events";
import type { FairleadError } from "@fairlead/core";
import { type Clock, systemClock } from "@fairlead/tls/datagram";
import type { DatagramPath } from "@fairlead/transport";
import type { CoapChannel, CoapChannelEvents, CoapExchange, CoapExchangeListener } from "../channel.ts";
import type { CoapDelivery, CoapRequest, CoapResponse, CoapSecurity } from "../exchange.ts";
import {
  type CoapDeliveryLimits,
  type CoapTransmission,
  completeTransmission,
  defaultDeliveryLimits,
  type DeliveryEffect,
  type DeliveryFailure,
  MemoryBudget,
  MessageLayer,
  type OpenExchange,
  type ReceivedRequest,
} from "../protocol/delivery/index.ts";
import { deliveryError } from "./delivery-error.ts";
import { DatagramRequest, type DatagramResponder } from "./datagram-request.ts";
import { PendingDelivery } from "./pending-delivery.ts";
import { randomSource } from "./random-source.ts";

/** How messages are delivered over a path. */
export interface DatagramChannelOptions {
  /** `coaps` for a path that is secured; `coap` by default. */
  readonly scheme?: "coap" | "coaps" | undefined;
  /** Who the peer has shown to be. */
  readonly security?: CoapSecurity | undefined;
  /** Where it differs from what RFC 7252 section 4.8 proposes. */
  readonly transmission?: Partial<CoapTransmission> | undefined;
  readonly limits?: Partial<CoapDeliveryLimits> | undefined;
  /** Bytes for remembering messages, shared with other channels; its own limit alone by default. */
  readonly budget?: MemoryBudget | undefined;
  readonly clock?: Clock | undefined;
  /** Gives integers from 0 to 2^32 - 1: for waits, message IDs and tokens. From the system by default. */
  readonly random?: (() => number) | undefined;
}

/**
 * Carries exchanges over a path, by the message layer of RFC 7252. It owns the path from now on.
 *
 * @throws RangeError for a transmission parameter that cannot be.
 *
 * @example
 * const channel = datagramChannel(await connectUdp({ host: "localhost", port: 5683 }));
 * const response = await channelRequester(channel)({ code: "0.01", options: [], payload: new Uint8Array(0) });
 */
export function datagramChannel(path: DatagramPath, options: DatagramChannelOptions = {}): CoapChannel {
  return new DatagramChannel(path, options);
}

type Layer = MessageLayer<CoapExchangeListener, DatagramRequest, PendingDelivery>;
type Effect = DeliveryEffect<CoapExchangeListener, DatagramRequest, PendingDelivery>;

/** The message layer of one path, with its timer. */
export class DatagramChannel extends EventEmitter<CoapChannelEvents> implements CoapChannel, DatagramResponder {
  readonly scheme: "coap" | "coaps";
  readonly security: CoapSecurity | undefined;
  readonly takesGatheredBlocks = false;
  closed = false;
  /** When the last datagram came, by its clock. */
  heardAt: number;
  readonly #path: DatagramPath;
  readonly #layer: Layer;
  readonly #clock: Clock;
  #cancelTimer: (() => void) | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #unreachable: FairleadError | undefined;
  #closeReason: FairleadError | undefined;

  constructor(path: DatagramPath, options: DatagramChannelOptions) {
    super();
    const { scheme = "coap", security, clock = systemClock, random = randomSource() } = options;
    const limits = { ...defaultDeliveryLimits, ...options.limits };
    this.scheme = scheme;
    this.security = security;
    this.#path = path;
    this.#clock = clock;
    this.#layer = new MessageLayer({
      transmission: completeTransmission(options.transmission),
      limits,
      budget: options.budget ?? new MemoryBudget(limits.rememberedBytes),
      maxMessageBytes: path.mtu,
      random,
    });
    this.heardAt = clock.now();
    path.on("message", (bytes) => this.receive(bytes, false));
    path.on("unreachable", (error) => {
      this.#unreachable = error;
      this.#layer.unreachable();
    });
    path.once("close", (reason) => this.#end(reason));
    if (path.closed) this.#end(undefined);
  }

  get peer(): string {
    return this.#path.peer;
  }

  get maxMessageBytes(): number {
    return this.#path.mtu;
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#layer.isIdle;
  }

  /** Whether nothing is under way but answers that the peer has not acknowledged. */
  get isAnswered(): boolean {
    return this.#layer.isAnswered;
  }

  /** Takes a datagram in, which came by the path or was sent to a group. */
  receive(bytes: Uint8Array, isMulticast: boolean): void {
    this.heardAt = this.#clock.now();
    this.#perform(this.#layer.receive(bytes, this.heardAt, isMulticast));
  }

  open(listener: CoapExchangeListener): CoapExchange {
    const exchange = this.#layer.open(listener);
    return {
      send: (request, delivery = "confirmable") => this.#send(exchange, request, delivery),
      release: () => this.#perform(this.#layer.release(exchange, this.#clock.now())),
    };
  }

  /** Answers a request that came, as `IncomingCoapRequest` says. */
  respond(
    received: ReceivedRequest<DatagramRequest>,
    response: CoapResponse | undefined,
    delivery: CoapDelivery,
  ): Promise<void> {
    if (this.closed) return Promise.reject(this.#errorOf("closed", "respond"));
    if (received.owner?.hasEnded === true) return Promise.reject(this.#errorOf("reset", "respond"));
    const pending = new PendingDelivery("respond");
    this.#perform(this.#layer.respond(received, response, delivery, pending, this.#clock.now()));
    return pending.promise;
  }

  async ping({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    signal?.throwIfAborted();
    if (this.closed) throw this.#errorOf("closed", "ping");
    const pending = new PendingDelivery("ping");
    this.#perform(this.#layer.ping(pending, this.#clock.now()));
    if (signal === undefined) return pending.promise;
    const abort = (): void => pending.reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await pending.promise;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async close(): Promise<void> {
    this.#end(undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #send(exchange: OpenExchange<CoapExchangeListener>, request: CoapRequest, delivery: CoapDelivery): void {
    if (this.closed && !exchange.isReleased) {
      this.#perform(this.#layer.release(exchange, this.#clock.now()));
      exchange.owner.failed(this.#errorOf("closed", "request"));
      return;
    }
    this.#perform(this.#layer.request(exchange, request, delivery, this.#clock.now()));
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) this.#do(effect);
    if (this.#layer.wakeAt < this.#timerAt) this.#setTimer(this.#layer.wakeAt);
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case "send":
        this.#path.send(effect.bytes);
        return;
      case "request":
        this.#request(effect.received);
        return;
      case "request-over":
        effect.received.owner?.end();
        return;
      case "response":
        effect.exchange.response(effect.response);
        return;
      case "acknowledged":
        effect.exchange.acknowledged?.();
        return;
      case "failed":
        effect.exchange.failed(this.#errorOf(effect.reason, "request"));
        return;
      case "sent":
        effect.sending.resolve();
        return;
      case "not-sent":
        effect.sending.reject(this.#errorOf(effect.reason, effect.sending.operation));
        return;
    }
  }

  #request(received: ReceivedRequest<DatagramRequest>): void {
    const request = new DatagramRequest(received, this);
    received.owner = request;
    if (!this.emit("request", request)) void request.respond(notFound).catch(() => undefined);
  }

  #setTimer(at: number): void {
    this.#cancelTimer?.();
    this.#timerAt = at;
    const wait = Math.max(0, Math.ceil(at - this.#clock.now()));
    this.#cancelTimer = this.#clock.schedule(wait, () => {
      this.#cancelTimer = undefined;
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#perform(this.#layer.advance(this.#clock.now()));
    });
  }

  #end(reason: FairleadError | undefined): void {
    if (this.closed) return;
    this.closed = true;
    this.#cancelTimer?.();
    this.#timerAt = Number.NEGATIVE_INFINITY;
    this.#closeReason = reason;
    this.#perform(this.#layer.close("closed"));
    this.#path.close();
    this.emit("close", reason);
  }

  #errorOf(reason: DeliveryFailure, operation: string): FairleadError {
    const cause = reason === "closed" ? this.#closeReason : reason === "unreachable" ? this.#unreachable : undefined;
    return deliveryError(reason, { peer: this.peer, operation, cause });
  }
}

const notFound: CoapResponse = { code: "4.04", options: [], payload: new Uint8Array(0) };
