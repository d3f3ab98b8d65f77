import type { IncomingCoapRequest } from "../channel.ts";
import type { CoapDelivery, CoapRequest, CoapResponse } from "../exchange.ts";
import type { ReceivedRequest } from "../protocol/delivery/index.ts";

/** A request that came by datagrams. */
export class DatagramRequest implements IncomingCoapRequest {
  readonly request: CoapRequest;
  readonly delivery: CoapDelivery;
  readonly isMulticast: boolean;
  /** Whether nobody waits for an answer any more. */
  hasEnded = false;
  readonly #respond: (response: CoapResponse | undefined, delivery: CoapDelivery) => Promise<void>;
  /** Made when it is asked for. */
  #aborting: AbortController | undefined;

  constructor(
    { message, isMulticast }: ReceivedRequest<DatagramRequest>,
    respond: (response: CoapResponse | undefined, delivery: CoapDelivery) => Promise<void>,
  ) {
    this.request = message;
    this.delivery = message.type === "confirmable" ? "confirmable" : "non-confirmable";
    this.isMulticast = isMulticast;
    this.#respond = respond;
  }

  get signal(): AbortSignal {
    this.#aborting ??= new AbortController();
    if (this.hasEnded) this.#aborting.abort();
    return this.#aborting.signal;
  }

  respond(response: CoapResponse | undefined, delivery = this.delivery): Promise<void> {
    return this.#respond(response, delivery);
  }

  /** Nobody waits any more. */
  end(): void {
    this.hasEnded = true;
    this.#aborting?.abort();
  }
}

/** An answer or a ping that is on its way. */
export interface PendingResponse {
  readonly operation: "respond" | "ping";
  readonly promise: Promise<void>;
  readonly resolve: (value: undefined) => void;
  readonly reject: (reason: unknown) => void;
}

/** Makes one. */
export function pendingResponse(operation: PendingResponse["operation"]): PendingResponse {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  return { operation, promise, resolve, reject };
}
