import { TransportError } from "@fairlead/core";
import type { CoapChannel, CoapExchange } from "../channel.ts";
import type { CoapRequester } from "../exchange.ts";

/** Asks by a channel: the lowest requester. */
export function channelRequester(channel: CoapChannel): CoapRequester {
  return (request, { signal, delivery, observer } = {}) => {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    if (channel.closed) {
      return Promise.reject(new TransportError("STREAM_CLOSED", { peer: channel.peer, operation: "request" }));
    }
    return new Promise((resolve, reject) => {
      let isAnswered = false;
      const leave = (): void => {
        signal?.removeEventListener("abort", abort);
      };
      const abort = (): void => {
        exchange.release();
        if (isAnswered) observer?.end(undefined);
        else reject(signal?.reason);
      };
      const exchange: CoapExchange = channel.open({
        response(response) {
          if (isAnswered) {
            observer?.next(response);
            return;
          }
          isAnswered = true;
          if (observer === undefined) {
            leave();
            exchange.release();
          }
          resolve(response);
        },
        failed(error) {
          leave();
          if (isAnswered) observer?.end(error);
          else reject(error);
        },
      });
      signal?.addEventListener("abort", abort, { once: true });
      exchange.send(request, delivery);
    });
  };
}
