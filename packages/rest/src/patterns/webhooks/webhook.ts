import { isCodedError } from "@fairlead/core";
import { PROBLEM_JSON } from "@fairlead/http/problem-details";
import type { FetchHandler, RequestContext } from "@fairlead/server";
import { keysOf } from "./keys.ts";
import type { WebhookMemory } from "./memory.ts";
import { readBody } from "./read-body.ts";
import { verifyWebhook, type VerifiedWebhook, type VerifyWebhookOptions } from "./verify.ts";

/** What receives webhooks. */
export interface WebhookOptions extends VerifyWebhookOptions {
  /**
   * Told of each message that was verified; answered with 204 unless it gives a `Response`. What it throws is told to the
   * server's `onError` and answered with 500, so that the sender tries again.
   */
  readonly handler: (message: VerifiedWebhook, request: Request, context: RequestContext) => unknown;
  /** Octets that a message may have; 1 MiB by default. */
  readonly limitBytes?: number;
  /**
   * Which messages have come. One that comes again is answered with 204 without the handler being asked. Without it, schemes
   * that sign no time leave whoever has seen a message able to send it again.
   */
  readonly memory?: WebhookMemory;
  /** Milliseconds for which a message is remembered; a day by default. Senders try again for hours. */
  readonly rememberMilliseconds?: number;
  /** The address as the sender knows it, where that is another than the server's: its origin, or all of it. */
  readonly url?: (request: Request) => string;
  /** Told why a message was refused; who sent it is not. */
  readonly onRefusal?: (error: Error, request: Request) => void;
}

/**
 * Makes a handler that receives webhooks: who does not sign, or signed too long ago, is answered with 401 before anything
 * else looks at the message. Refusals are Problem Details and say nothing of the reason.
 *
 * @throws UsageError OPTION_INVALID for what is no secret of the scheme.
 * @example
 * const hook = webhook({ scheme: githubWebhooks(), secrets: [secret], handler: ({ body }) => queue.push(body) });
 */
export function webhook(options: WebhookOptions): FetchHandler {
  const { scheme, limitBytes = 1024 * 1024, url = (request: Request) => request.url, memory, onRefusal } = options;
  const { rememberMilliseconds = 86_400_000, now = Date.now } = options;
  keysOf(scheme, options.secrets);
  const underWay = new Set<string>();

  return async (request, context) => {
    if (!scheme.methods.includes(request.method)) {
      return refusal(405, "Method Not Allowed", { allow: scheme.methods.join(", ") });
    }
    const body = await readBody(request, limitBytes);
    if (body === undefined) return refusal(413, "Content Too Large");
    let message: VerifiedWebhook;
    try {
      message = verifyWebhook({ headers: request.headers, body, url: url(request) }, options);
    } catch (error) {
      if (!isCodedError(error)) throw error;
      onRefusal?.(error, request);
      return refusal(401, "Unauthorized", { "www-authenticate": "Webhook-Signature" });
    }
    if (memory === undefined) return answer(await options.handler(message, request, context));
    const { id } = message;
    // Its sender has to come back if the one that is under way fails.
    if (underWay.has(id)) return refusal(409, "Conflict");
    underWay.add(id);
    try {
      if (!(await memory.add(id, now() + rememberMilliseconds))) return answer(undefined);
      try {
        return answer(await options.handler(message, request, context));
      } catch (error) {
        await memory.delete(id);
        throw error;
      }
    } finally {
      underWay.delete(id);
    }
  };
}

function answer(result: unknown): Response {
  return result instanceof Response ? result : new Response(null, { status: 204 });
}

function refusal(status: number, title: string, headers: Readonly<Record<string, string>> = {}): Response {
  const problem = JSON.stringify({ type: "about:blank", title, status });
  return new Response(problem, { status, headers: { "content-type": PROBLEM_JSON, ...headers } });
}
