import { pipeline } from "node:stream";
import type { FlatFields } from "../exchange/index.ts";
import { exchangeOf, LeanResponse, requestContent, upgradeResponse } from "../fetch/index.ts";
import type { RequestContext } from "../fetch-handler.ts";
import type { GatewayEvent } from "./pool/gateway-event.ts";
import { NoWorkerError } from "./pool/waiting-queue.ts";
import type { WorkerPool } from "./pool/worker-pool.ts";
import { formatPairs } from "./protocol/index.ts";
import { requestPairs } from "./server-end/request-pairs.ts";
import { type WorkerAnswer, WorkerFailure, type WorkerRequest } from "./server-end/worker-call.ts";

/** Answers a request by a worker, or says why none does. */
export async function answerByWorker(
  pool: WorkerPool,
  request: Request,
  context: RequestContext,
  onEvent: (event: GatewayEvent) => void,
): Promise<Response> {
  const call = workerRequest(request, context);
  if (call === undefined) return plain(431, "Request Header Fields Too Large");
  try {
    return toResponse(await callWithSecondTry(pool, call, request.method));
  } catch (error) {
    // The client has left, or its content did not come: that is not the worker's doing, and the server knows what to say.
    if (error instanceof WorkerFailure && error.reason === "unwanted") throw error.cause;
    if (!(error instanceof WorkerFailure) && !(error instanceof NoWorkerError)) throw error;
    const status = error instanceof NoWorkerError ? 503 : statusOf(error);
    onEvent({ type: "request-failed", status, error });
    return plain(status, REASONS[status] ?? "", status === 503 ? ["retry-after", "1"] : []);
  }
}

/** What one worker has not begun another may do; what it has begun, and may be done twice, as well. RFC 9110 section 9.2.2. */
async function callWithSecondTry(pool: WorkerPool, call: WorkerRequest, method: string): Promise<WorkerAnswer> {
  try {
    return await pool.call(call);
  } catch (error) {
    if (!(error instanceof WorkerFailure) || !error.isUntouched) throw error;
    if (error.reason !== "refused" && !(error.reason === "gone" && IDEMPOTENT.has(method))) throw error;
    return pool.call(call);
  }
}

function workerRequest(request: Request, context: RequestContext): WorkerRequest | undefined {
  const exchange = exchangeOf(request);
  const head = exchange?.head ?? headOf(request);
  const text = formatPairs(requestPairs(head, context.connection, context.client));
  if (text === undefined) return undefined;
  return {
    head: text,
    body: requestContent(request),
    mayUpgrade: head.upgrade !== undefined,
    get signal() {
      return request.signal;
    },
    inform: (status, fields) => {
      context.inform(status, fields);
    },
  };
}

/** The head of a request that somebody else made. */
function headOf(request: Request): Parameters<typeof requestPairs>[0] {
  const { protocol, host, pathname, search } = new URL(request.url);
  const fields = [...request.headers].flat();
  if (!request.headers.has("host")) fields.unshift("host", host);
  return {
    version: "1.1",
    method: request.method,
    scheme: protocol === "https:" ? "https" : "http",
    authority: host,
    path: pathname + search,
    fields,
    upgrade: undefined,
  };
}

function toResponse(answer: WorkerAnswer): Response {
  switch (answer.type) {
    case "response":
      return new LeanResponse(answer.content ?? null, answer);
    case "upgrade": {
      const { stream } = answer;
      return upgradeResponse(answer.fields, (client) => {
        // Each end learns of the other's end by its own stream; there is nobody else to be told.
        pipeline(client, stream, client, () => undefined);
      });
    }
  }
}

function statusOf({ reason }: WorkerFailure): number {
  return reason === "timed-out" ? 504 : 502;
}

function plain(status: number, text: string, fields: FlatFields = []): Response {
  return new LeanResponse(`${text}\n`, { status, fields: ["content-type", "text/plain", ...fields] });
}

const REASONS: Readonly<Record<number, string>> = {
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);
