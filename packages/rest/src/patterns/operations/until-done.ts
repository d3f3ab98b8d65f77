import { ProtocolError, TimeoutError, UsageError } from "@fairlead/core";
import { parseRetryAfter } from "@fairlead/http/retries";
import type { Call, RestClient } from "../../client/call.ts";
import type { CallOptions } from "../../client/options.ts";
import type { RestResponse } from "../../client/rest-response.ts";
import { followedAddress, followedOrigins, type FollowOptions } from "../followed-address.ts";
import { waitFor } from "../wait-for.ts";
import { OperationError } from "./operation-error.ts";
import { readOperation, type OperationAnswer, type OperationState } from "./protocol/operation-state.ts";

/** How an operation is waited for. */
export interface UntilDoneOptions
  extends FollowOptions,
    Pick<CallOptions, "headers" | "signal" | "timeout" | "authenticate"> {
  /** Milliseconds that it may take in all; ten minutes by default, `Infinity` for as long as it likes. */
  readonly deadlineMilliseconds?: number;
  /** Milliseconds before it is first asked how it goes, where the service does not say; 500 by default. Then longer and longer. */
  readonly firstWaitMilliseconds?: number;
  /** Milliseconds between two questions at most, where the service does not say; 10,000 by default. */
  readonly longestWaitMilliseconds?: number;
  /** Reads how it goes, for services that say so in a way of their own. */
  readonly read?: (answer: OperationAnswer) => OperationState;
  /** Told what each answer says. */
  readonly onProgress?: (document: unknown) => void;
  /** Milliseconds since the epoch; the system's clock by default. */
  readonly now?: () => number;
  /** Lets time pass; by timers by default. */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/**
 * Waits for an operation that a service has accepted, and gives what came of it: what the last answer says, or what is
 * where that leads. It is asked when `Retry-After` says, else more and more rarely.
 *
 * @param started what began it, or where it can be asked how it goes.
 * @throws OperationError OPERATION_FAILED with what the service says; TimeoutError `total`; PolicyError
 * FOLLOWED_ORIGIN_REFUSED; ProtocolError FOLLOWED_ADDRESS_INVALID where nobody says where to ask; StatusError.
 * @example
 * const report = await untilDone(client, client.post("reports", { json: { year: 2026 } }));
 */
export async function untilDone(
  client: RestClient,
  started: Call | RestResponse | string | URL,
  options: UntilDoneOptions = {},
): Promise<unknown> {
  const {
    read = readOperation,
    now = Date.now,
    wait = waitFor,
    onProgress,
    headers,
    signal,
    timeout,
    authenticate,
  } = options;
  const { deadlineMilliseconds = 600_000, firstWaitMilliseconds = 500, longestWaitMilliseconds = 10_000 } = options;
  if (!(deadlineMilliseconds > 0 && firstWaitMilliseconds >= 0)) {
    throw new UsageError("OPTION_INVALID", { operation: "untilDone", detail: "deadlineMilliseconds" });
  }
  const call: CallOptions = {
    cache: "no-store",
    ...(headers && { headers }),
    ...(signal && { signal }),
    ...(timeout !== undefined && { timeout }),
    ...(authenticate && { authenticate }),
  };
  const deadline = now() + deadlineMilliseconds;
  let response = await (typeof started === "string" || started instanceof URL ? client.get(started, call) : started);
  const origins = followedOrigins(response, options);
  const facts = { operation: "untilDone", peer: new URL(response.url).host };
  let monitor: string | URL | undefined =
    typeof started === "string" || started instanceof URL ? new URL(response.url) : undefined;
  /** Where the first answer says that the result will be, beside where to ask. */
  let resultAt: URL | undefined;

  for (let asked = 0; ; asked += 1) {
    const field = (name: string): string | undefined => response.headers.get(name) ?? undefined;
    const document = await documentOf(response);
    onProgress?.(document);
    const state = read({ status: response.status, field, document });
    if (state.type === "failed") throw new OperationError(state.problem, facts);
    if (state.type === "done") {
      const at = state.resultAt === undefined ? resultAt : followedAddress(response, state.resultAt, origins);
      return at === undefined || at.href === response.url ? state.value : documentOf(await client.get(at, call));
    }
    if (asked === 0) resultAt = resultAddress(response, field, origins);
    if (state.monitor !== undefined) {
      monitor =
        state.isBelowBase === true && client.options.base !== undefined
          ? belowBase(state.monitor, client.options.base, response, origins)
          : followedAddress(response, state.monitor, origins);
    }
    if (monitor === undefined) {
      throw new ProtocolError("FOLLOWED_ADDRESS_INVALID", { ...facts, detail: "nobody says where to ask how it goes" });
    }
    const backoff = Math.min(longestWaitMilliseconds, firstWaitMilliseconds * 1.5 ** asked);
    const said = parseRetryAfter(field("retry-after"), now());
    const milliseconds = said === undefined ? backoff : Math.max(said, Math.min(backoff, SHORTEST_MILLISECONDS));
    if (now() + milliseconds > deadline) throw new TimeoutError("total", facts);
    await wait(milliseconds, signal);
    response = await client.get(monitor, call);
  }
}

/** A service that says "at once" again and again is not asked a thousand times a second. */
const SHORTEST_MILLISECONDS = 100;

/** Where there is an address to ask at and a `Location` beside it, that is where the result will be. */
function resultAddress(
  response: RestResponse,
  field: (name: string) => string | undefined,
  origins: ReadonlySet<string>,
): URL | undefined {
  const location = field("location");
  const isBeside = field("operation-location") !== undefined || field("azure-asyncoperation") !== undefined;
  return isBeside && location !== undefined ? followedAddress(response, location, origins) : undefined;
}

/** Google's names of operations are below the version of the service. */
function belowBase(name: string, base: string | URL, response: RestResponse, origins: ReadonlySet<string>): URL {
  const directory = new URL(String(base).replace(/\/?$/, "/"));
  return followedAddress(response, new URL(name, directory).href, origins);
}

/** The content, where it is JSON; `undefined` for any other. */
async function documentOf(response: RestResponse): Promise<unknown> {
  const type = response.headers.get("content-type") ?? "";
  if (response.status !== 204 && /^application\/(?:[\w.-]+\+)?json\b/i.test(type)) return response.json();
  response.discard();
  return undefined;
}
