import type { ResponseFields } from "../dispatch.ts";
import { ResponseReceiver } from "../response-receiver.ts";
import { recordTransaction, type Hop } from "../transaction.ts";
import { fetchFailure } from "./fetch-error.ts";
import { FetchedResponse, type ResponseHead } from "./fetched-response.ts";
import { ReceivedContent } from "./received-content.ts";

/** Statuses whose responses have no body, whatever the server sends. Fetch Standard section 2.2.3. */
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/** Takes in the response to `manager.fetch`. */
export class FetchReceiver extends ResponseReceiver<FetchedResponse> {
  /** Called with what the request or its response failed with, as the application is told it. */
  onFailure: ((failure: unknown) => void) | undefined;

  protected override explain(error: Error): Error {
    const { signal } = this.exchange;
    // Whatever else goes wrong when the application has given up: it hears its own reason, which may be anything at all.
    const failure = signal?.aborted === true && !this.isLate ? (signal.reason as Error) : fetchFailure(error);
    this.onFailure?.(failure);
    return failure;
  }

  protected override respond(status: number, fields: ResponseFields, statusText: string): FetchedResponse {
    const { transaction, fetch } = this.exchange;
    const { hops } = transaction;
    const isRedirected = hops.length > 1 && hops.slice(0, -1).some(isRedirect);
    const type = isRedirected && crossesOrigin(hops) ? (fetch?.mode === "no-cors" ? "opaque" : "cors") : "basic";
    const hasBody = !NULL_BODY_STATUSES.has(status) && hops.at(-1)?.method !== "HEAD" && type !== "opaque";
    const head: ResponseHead =
      type === "opaque"
        ? OPAQUE_HEAD
        : { status, statusText, url: hops.at(-1)?.url ?? "", redirected: isRedirected, type, fields };
    const response = FetchedResponse.create(head, hasBody ? new ReceivedContent(this, fields) : undefined);
    recordTransaction(response, transaction);
    // All of a short body is there in a microtask, and needs nobody to watch over it.
    queueMicrotask(() => {
      this.forgetAnswer();
      if (this.ended) return;
      if (hasBody) response.watch();
      else this.discard();
    });
    return response;
  }
}

const OPAQUE_HEAD: ResponseHead = { status: 0, statusText: "", url: "", redirected: false, type: "opaque", fields: {} };

/** HSTS's upgrade is none: the standard takes the other scheme before it requests. Fetch Standard section 4.1, step 9. */
function isRedirect({ reason }: Hop): boolean {
  return reason !== "hsts";
}

/** Whether a redirect left the origin at which it began, an upgrade by HSTS not counted. */
function crossesOrigin(hops: readonly Hop[]): boolean {
  const requested = hops.filter(isRedirect).map(({ url }) => new URL(url).origin);
  return requested.some((origin) => origin !== requested[0]);
}
