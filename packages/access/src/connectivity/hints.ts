import { TimeoutError, TlsError, TransportError } from "@fairlead/core";
import { noteFailure, type ConnectivityHint } from "@fairlead/http/connectivity";
import type { Connector } from "../pool/connector.ts";
import { CHECK_PARTITION } from "./checks.ts";

/** A handshake that takes longer may have somebody in its way. */
const SLOW_HANDSHAKE_MILLISECONDS = 5_000;

const UNREACHABLE_CODES: ReadonlySet<string> = new Set([
  "CONNECTION_REFUSED",
  "CONNECTION_RESET",
  "CONNECTION_TIMED_OUT",
  "HOST_UNREACHABLE",
  "NAME_LOOKUP_FAILED",
  "NETWORK_UNREACHABLE",
  "PROXY_UNREACHABLE",
]);

/** Tells what the manager's own connections say about the network, while somebody listens. */
export class ConnectivityHints {
  #listener: ((hint: ConnectivityHint) => void) | undefined;
  #failures: readonly number[] = [];

  /** Gives hints to one listener from now on; `undefined` for nobody. */
  listen(listener: ((hint: ConnectivityHint) => void) | undefined): void {
    this.#listener = listener;
    this.#failures = [];
  }

  /** Makes a connector that tells how its connections fare; those of checks are their own business. */
  observe(connect: Connector): Connector {
    return async (request) => {
      if (this.#listener === undefined || request.partition === CHECK_PARTITION) return connect(request);
      try {
        const opened = await connect(request);
        if ((opened.facts.secureMilliseconds ?? 0) > SLOW_HANDSHAKE_MILLISECONDS) this.tell("slow-handshake");
        return opened;
      } catch (error) {
        // Who gave up says nothing about the network.
        if (!request.signal.aborted) this.#noteError(error);
        throw error;
      }
    };
  }

  #noteError(error: unknown): void {
    if (error instanceof TlsError && error.problems.some(({ code }) => code === "HOST_MISMATCH")) {
      this.tell("name-mismatch");
    } else if (error instanceof TimeoutError && error.phase === "secure") {
      this.tell("slow-handshake");
    } else if (isUnreachable(error)) {
      const { failures, isBurst } = noteFailure(this.#failures, performance.now());
      this.#failures = failures;
      if (isBurst) this.tell("unreachable");
    }
  }

  /** Tells the listener. */
  tell(hint: ConnectivityHint): void {
    this.#listener?.(hint);
  }
}

function isUnreachable(error: unknown): boolean {
  if (error instanceof TimeoutError) return error.phase === "connect" || error.phase === "resolve";
  return error instanceof TransportError && UNREACHABLE_CODES.has(error.code);
}
