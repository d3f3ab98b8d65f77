import type { IncomingCoapRequest } from "../channel.ts";
import type { CoapDelivery, CoapRequest, CoapResponse } from "../exchange.ts";
import type { ReceivedRequest } from "../protocol/delivery/index.ts";

/** Whoever sends the responses to requests that came. */
export interface DatagramResponder {
  respond(
    received: ReceivedRequest<DatagramRequest>,
    response: CoapResponse | undefined,
    delivery: CoapDelivery,
  ): Promise<void>;
}

/** A request that came by datagrams. */
export class DatagramRequest implements IncomingCoapRequest {
  readonly request: CoapRequest;
  readonly delivery: CoapDelivery;
  readonly isMulticast: boolean;
  /** Whether nobody waits for an answer any more. */
  hasEnded = false;
  readonly #received: ReceivedRequest<DatagramRequest>;
  readonly #responder: DatagramResponder;
  /** Made when it is asked for. */
  #aborting: AbortController | undefined;

  constructor(received: ReceivedRequest<DatagramRequest>, responder: DatagramResponder) {
    const { message, isMulticast } = received;
    this.request = message;
    this.delivery = message.type === "confirmable" ? "confirmable" : "non-confirmable";
    this.isMulticast = isMulticast;
    this.#received = received;
    this.#responder = responder;
  }

  get signal(): AbortSignal {
    this.#aborting ??= new AbortController();
    if (this.hasEnded) this.#aborting.abort();
    return this.#aborting.signal;
  }

  respond(response: CoapResponse | undefined, delivery = this.delivery): Promise<void> {
    return this.#responder.respond(this.#received, response, delivery);
  }

  /** Nobody waits any more. */
  end(): void {
    this.hasEnded = true;
    this.#aborting?.abort();
  }
}
