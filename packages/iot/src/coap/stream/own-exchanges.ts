import type { FairleadError } from "@fairlead/core";
import type { CoapExchange, CoapExchangeListener } from "../channel.ts";
import type { CoapRequest, CoapResponse } from "../exchange.ts";
import { coapOptions, type CoapStreamMessage, readOption, writeOption, writeUint } from "../protocol/index.ts";
import { tokenKey } from "./token-key.ts";

/** Sends a request of ours, or says why it cannot be sent. */
export type SendRequest = (message: CoapStreamMessage) => FairleadError | undefined;

/** What we have asked the peer: what is not answered yet, and what we observe. */
export class OwnExchanges {
  readonly #send: SendRequest;
  readonly #open = new Map<string, OwnExchange>();
  #lastToken = 0;

  constructor(send: SendRequest) {
    this.#send = send;
  }

  get size(): number {
    return this.#open.size;
  }

  /** How many have had no response yet. */
  get unanswered(): number {
    let count = 0;
    for (const exchange of this.#open.values()) if (exchange.isUnanswered) count += 1;
    return count;
  }

  open(listener: CoapExchangeListener): CoapExchange {
    // None is used twice on one connection: what comes too late is nobody's.
    this.#lastToken += 1;
    const token = writeUint(this.#lastToken);
    const key = tokenKey(token);
    const exchange = new OwnExchange(token, listener, this.#send, () => this.#open.delete(key));
    this.#open.set(key, exchange);
    return exchange;
  }

  /** Tells a response to who asked; one to a token that is not known, or no longer, is passed over. */
  take({ code, token, options, payload }: CoapStreamMessage): void {
    this.#open.get(tokenKey(token))?.take({ code, options, payload });
  }

  fail(error: FairleadError): void {
    for (const exchange of this.#open.values()) exchange.fail(error);
  }
}

class OwnExchange implements CoapExchange {
  readonly #token: Uint8Array;
  readonly #listener: CoapExchangeListener;
  readonly #send: SendRequest;
  readonly #forget: () => void;
  /** What the peer may observe for us: the request that asked for it. */
  #observing: CoapRequest | undefined;
  #isOver = false;
  isUnanswered = false;

  constructor(token: Uint8Array, listener: CoapExchangeListener, send: SendRequest, forget: () => void) {
    this.#token = token;
    this.#listener = listener;
    this.#send = send;
    this.#forget = forget;
  }

  send(request: CoapRequest): void {
    if (this.#isOver) return;
    this.isUnanswered = true;
    this.#observing = readOption(request, "observe") === 0 ? request : undefined;
    const refusal = this.#send({ ...request, token: this.#token });
    // Not from inside the call: who calls is not ready to hear of it.
    if (refusal !== undefined) {
      queueMicrotask(() => {
        this.fail(refusal);
      });
    }
  }

  take(response: CoapResponse): void {
    this.isUnanswered = false;
    if (readOption(response, "observe") === undefined) this.#observing = undefined;
    this.#listener.response(response);
  }

  fail(error: FairleadError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forget();
    this.#listener.failed(error);
  }

  release(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forget();
    // A stream has no Reset: the peer goes on until it is told. RFC 8323 section 7.4.
    if (this.#observing !== undefined && !isProtected(this.#observing)) {
      this.#send({ ...deregistrationOf(this.#observing), token: this.#token });
    }
  }
}

/** RFC 7641 section 3.6. */
function deregistrationOf({ code, options, payload }: CoapRequest): CoapRequest {
  const { number } = coapOptions.observe;
  return { code, options: options.map((option) => (option.number === number ? deregister : option)), payload };
}

/** Whoever protects messages deregisters itself: the same ciphertext again would be a replay. RFC 8613 section 7.4. */
function isProtected({ options }: CoapRequest): boolean {
  return options.some(({ number }) => number === coapOptions.oscore.number);
}

const deregister = writeOption("observe", 1);
