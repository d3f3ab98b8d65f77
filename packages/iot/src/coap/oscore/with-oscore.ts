import { ProtocolError, UsageError } from "@fairlead/core";
import type { CoapObserver, CoapRequester, CoapResponse } from "../exchange.ts";
import { coapOptions, kindOfCoapCode, readOption } from "../protocol/index.ts";
import { readPartialIv } from "../protocol/oscore/partial-iv.ts";
import { observeOf, readOscoreHeader, type RequestBinding } from "../protocol/oscore/protect-message.ts";
import { emptyReplayWindow, markSequenceNumber, type ReplayWindow } from "../protocol/oscore/replay-window.ts";
import { splitProxyUri } from "../protocol/oscore/proxy-uri.ts";
import type { OscoreContext } from "./oscore-context.ts";

/**
 * Protects requests from end to end, through whatever proxies: what comes out has been verified to be the peer's answer to
 * the very request. It belongs right above the channel, below blocks, Echo and Observe, which are then protected as well.
 *
 * The requester throws, beside what the one below does: ProtocolError OSCORE_RESPONSE_UNPROTECTED,
 * OSCORE_RESPONSE_NOT_VERIFIED, OSCORE_RESPONSE_UNUSABLE; PolicyError OSCORE_SEQUENCE_EXHAUSTED, OSCORE_CONTEXT_TAKEN;
 * StoreError STORE_WRITE_FAILED; UsageError OPTION_INVALID for a request that is protected already.
 *
 * @see RFC 8613 sections 8.1 and 8.4
 *
 * @example
 * const context = await openOscoreContext({ masterSecret, senderId, recipientId }, { store });
 * const request = withOscore(context)(channelRequester(channel));
 */
export function withOscore(context: OscoreContext): (below: CoapRequester) => CoapRequester {
  return (below) =>
    async (request, call = {}) => {
      const options = splitProxyUri(request.options);
      if (options === undefined)
        throw new UsageError("URL_INVALID", { operation: "protect a request by its Proxy-Uri" });
      if (options.some(({ number }) => number === coapOptions.oscore.number)) {
        throw new UsageError("OPTION_INVALID", { detail: "the request has an OSCORE option already" });
      }
      const { message, binding } = await context.protectRequest({ ...request, options });
      const verifier = new ResponseVerifier(context, binding, readOption(request, "observe") === 0);
      const { observer, signal } = call;
      if (observer === undefined) return verifier.first(await below(message, call));
      const leaving = new AbortController();
      const response = await below(message, {
        ...call,
        signal: signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]),
        observer: verifier.observe(observer),
      });
      try {
        return verifier.first(response);
      } catch (error) {
        verifier.leave();
        leaving.abort();
        throw error;
      }
    };
}

/** Verifies what comes for one request. */
class ResponseVerifier {
  readonly #context: OscoreContext;
  readonly #binding: RequestBinding;
  readonly #isRegistration: boolean;
  #seen: ReplayWindow = emptyReplayWindow;
  #hasLeft = false;

  constructor(context: OscoreContext, binding: RequestBinding, isRegistration: boolean) {
    this.#context = context;
    this.#binding = binding;
    this.#isRegistration = isRegistration;
  }

  first(response: CoapResponse): CoapResponse {
    const { message, partialIv } = this.#verify(response);
    // What follows may have been heard before. RFC 8613 section 7.4.1.
    if (partialIv !== undefined) this.#seen = markSequenceNumber(this.#seen, readPartialIv(partialIv)) ?? this.#seen;
    return message;
  }

  /**
   * Passes on what follows, each once: notifications that are newer than the last, and in whatever order the responses that
   * answer one request together (RFC 9177). What does not verify ends nothing: anybody may have sent it.
   */
  observe(observer: CoapObserver): CoapObserver {
    return {
      next: (response) => {
        const message = this.#verifyNext(response);
        if (message !== undefined) observer.next(message);
      },
      end: (error) => {
        if (!this.#hasLeft) observer.end(error);
      },
    };
  }

  /** The request has failed: its observer hears nothing more. */
  leave(): void {
    this.#hasLeft = true;
  }

  #verifyNext(response: CoapResponse): CoapResponse | undefined {
    let verified: Verified;
    try {
      verified = this.#verify(response);
    } catch {
      return undefined;
    }
    const { message, partialIv } = verified;
    if (this.#hasLeft || partialIv === undefined) return undefined;
    const number = readPartialIv(partialIv);
    if (this.#isRegistration && number <= this.#seen.highest) return undefined;
    const seen = markSequenceNumber(this.#seen, number);
    if (seen === undefined) return undefined;
    this.#seen = seen;
    return message;
  }

  #verify(response: CoapResponse): Verified {
    const reading = readOscoreHeader(response);
    switch (reading.type) {
      case "absent":
        throw this.#error("OSCORE_RESPONSE_UNPROTECTED", `it says ${response.code}`);
      case "malformed":
        throw this.#error("OSCORE_RESPONSE_UNUSABLE", "malformed OSCORE option");
      case "header":
    }
    const unprotected = this.#context.unprotectResponse(this.#binding, reading.header, response.payload);
    switch (unprotected.type) {
      case "not-verified":
        throw this.#error("OSCORE_RESPONSE_NOT_VERIFIED");
      case "no-message":
        throw this.#error("OSCORE_RESPONSE_UNUSABLE", "no message in it");
      case "message":
    }
    const { message, partialIv } = unprotected;
    if (kindOfCoapCode(message.code) === "request") {
      throw this.#error("OSCORE_RESPONSE_UNUSABLE", `code ${message.code}`);
    }
    if (!message.options.some(({ number }) => number === coapOptions.observe.number)) return { message, partialIv };
    if (!this.#isRegistration || partialIv === undefined) {
      throw this.#error("OSCORE_RESPONSE_UNUSABLE", "Observe where it cannot be");
    }
    const options = message.options.map((option) =>
      option.number === coapOptions.observe.number ? observeOf(partialIv) : option,
    );
    return { message: { ...message, options }, partialIv };
  }

  #error(
    code: "OSCORE_RESPONSE_UNPROTECTED" | "OSCORE_RESPONSE_NOT_VERIFIED" | "OSCORE_RESPONSE_UNUSABLE",
    detail?: string,
  ): ProtocolError {
    return new ProtocolError(code, { peer: this.#context.peer, operation: "request", detail });
  }
}

interface Verified {
  readonly message: CoapResponse;
  readonly partialIv: Uint8Array | undefined;
}
