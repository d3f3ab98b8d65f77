import { type FairleadError, ProtocolError } from "@fairlead/core";
import type { IncomingCoapRequest } from "../channel.ts";
import type { CoapResponse } from "../exchange.ts";
import { type CoapStreamMessage, readOption } from "../protocol/index.ts";
import { tokenKey } from "./token-key.ts";

/** What the peer has asked: what is not answered yet, and what it observes. */
export class PeerRequests {
  readonly #peer: string;
  readonly #maxRequests: number;
  readonly #send: (message: CoapStreamMessage) => Promise<void>;
  readonly #open = new Map<string, PeerRequest>();
  /** Those that wait until all that is unanswered now is answered. */
  readonly #custodies = new Set<Custody>();
  #unanswered = 0;

  constructor(peer: string, maxRequests: number, send: (message: CoapStreamMessage) => Promise<void>) {
    this.#peer = peer;
    this.#maxRequests = maxRequests;
    this.#send = send;
  }

  /** How many are not answered yet. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** How many there are, with those that are observed. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Takes a request. One that has the token of another ends that one: the peer observes anew, or no longer (RFC 7641
   * sections 3.3.1 and 3.6).
   *
   * @returns `undefined` when there are too many, and then it is answered.
   */
  take(message: CoapStreamMessage): IncomingCoapRequest | undefined {
    const { code, token, options, payload } = message;
    const key = tokenKey(token);
    this.#open.get(key)?.end(new ProtocolError("COAP_RESET", { peer: this.#peer, operation: "respond" }));
    if (this.#open.size >= this.#maxRequests) {
      this.#send({ code: "5.03", token, options: [], payload: none }).catch(() => undefined);
      return undefined;
    }
    const request: PeerRequest = new PeerRequest(readOption(message, "observe") === 0, {
      send: ({ code: answer, options: about, payload: body }) =>
        this.#send({ code: answer, token, options: about, payload: body }),
      answered: () => {
        this.#answered(request);
      },
      over: () => {
        if (this.#open.get(key) === request) this.#open.delete(key);
      },
    });
    this.#open.set(key, request);
    this.#unanswered += 1;
    return {
      request: { code, options, payload },
      delivery: "confirmable",
      isMulticast: false,
      signal: request.signal,
      respond: (response) => request.respond(response),
    };
  }

  /** Calls back when all that was asked so far is answered. RFC 8323 section 5.4.1. */
  whenAnswered(callback: () => void): void {
    if (this.#unanswered === 0) {
      callback();
      return;
    }
    const waitsFor = new Set([...this.#open.values()].filter(({ isAnswered }) => !isAnswered));
    this.#custodies.add({ waitsFor, callback });
  }

  /** How many wait by {@link whenAnswered}. */
  get custodies(): number {
    return this.#custodies.size;
  }

  /** Nobody waits for an answer any more. */
  end(reason: FairleadError): void {
    this.#custodies.clear();
    for (const request of this.#open.values()) request.end(reason);
  }

  #answered(request: PeerRequest): void {
    this.#unanswered -= 1;
    for (const custody of this.#custodies) {
      custody.waitsFor.delete(request);
      if (custody.waitsFor.size > 0) continue;
      this.#custodies.delete(custody);
      custody.callback();
    }
  }
}

interface Custody {
  readonly waitsFor: Set<PeerRequest>;
  readonly callback: () => void;
}

interface PeerRequestHearer {
  send(response: CoapResponse): Promise<void>;
  /** Called once. */
  answered(): void;
  /** Nothing more will be sent; called once. */
  over(): void;
}

class PeerRequest {
  readonly #ending = new AbortController();
  readonly #observes: boolean;
  readonly #hearer: PeerRequestHearer;
  isAnswered = false;
  #isOver = false;

  constructor(observes: boolean, hearer: PeerRequestHearer) {
    this.#observes = observes;
    this.#hearer = hearer;
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  async respond(response: CoapResponse | undefined): Promise<void> {
    this.signal.throwIfAborted();
    const goesOn =
      response?.code.startsWith("2.") === true && this.#observes && readOption(response, "observe") !== undefined;
    if (!goesOn) this.#over();
    const sent = response === undefined ? undefined : this.#hearer.send(response);
    this.#answered();
    await sent;
  }

  end(reason: FairleadError): void {
    this.#over();
    this.#answered();
    this.#ending.abort(reason);
  }

  #answered(): void {
    if (this.isAnswered) return;
    this.isAnswered = true;
    this.#hearer.answered();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hearer.over();
  }
}

const none = new Uint8Array(0);
