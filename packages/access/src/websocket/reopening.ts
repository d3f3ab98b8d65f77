import { isCodedError, retryHelps } from "@fairlead/core";
import { reconnectAfter, type ReconnectPolicy } from "@fairlead/http/reconnection";
import { DEFAULT_RETRY_POLICY } from "@fairlead/http/retries";
import type { WebSocketClosure } from "@fairlead/transport/websocket";
import { reconnectPolicy, type ReconnectOption } from "../reconnect-option.ts";

/** What a server that takes its leave says when another may be there in a moment: going away, restart, try again later. */
const PASSING_CODES: ReadonlySet<number> = new Set([1001, 1006, 1012, 1013]);

/** When a WebSocket is opened again, one attempt after the other. */
export class Reopening {
  readonly #policy: ReconnectPolicy;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(policy: ReconnectPolicy) {
    this.#policy = policy;
  }

  /** @returns `undefined` where it is never. @throws UsageError OPTION_INVALID */
  static of(option: ReconnectOption | undefined): Reopening | undefined {
    const policy = reconnectPolicy(option);
    return policy && new Reopening(policy);
  }

  /** Whether what a WebSocket was closed with may pass. A rule that the peer broke does not. */
  static follows({ code, error, wasClean }: Pick<WebSocketClosure, "code" | "error" | "wasClean">): boolean {
    if (!PASSING_CODES.has(code)) return false;
    return wasClean || !isCodedError(error) || retryHelps(error);
  }

  /** What a WebSocket could not be opened for, and whether that may pass. */
  static judge(failure: unknown): { readonly error: unknown; readonly mayPass: boolean } {
    if (isRefusal(failure)) {
      return { error: failure.error, mayPass: DEFAULT_RETRY_POLICY.statuses.includes(failure.status) };
    }
    return { error: failure, mayPass: isCodedError(failure) && retryHelps(failure) };
  }

  /** It is open: what failed before is forgotten. */
  opened(): void {
    this.#failures = 0;
  }

  /** Has it opened after a while; `undefined` when there is no further attempt. */
  next(open: () => void): { readonly attempt: number; readonly afterMilliseconds: number } | undefined {
    const afterMilliseconds = reconnectAfter(this.#policy, this.#failures, Math.random());
    if (afterMilliseconds === undefined) return undefined;
    this.#failures += 1;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      open();
    }, afterMilliseconds);
    return { attempt: this.#failures, afterMilliseconds };
  }

  /** Ends the waiting; tells whether there was any. */
  cancel(): boolean {
    const wasWaiting = this.#timer !== undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return wasWaiting;
  }
}

/** Told by its shape: what it is made by is loaded with the first socket. */
function isRefusal(failure: unknown): failure is { readonly error: Error; readonly status: number } {
  return typeof failure === "object" && failure !== null && "status" in failure && "error" in failure;
}
