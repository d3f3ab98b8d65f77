import { isCodedError, UsageError } from "@fairlead/core";
import { Deadline } from "../deadline.ts";
import type { ExchangeDefaults } from "../open-exchange.ts";
import { parseRequestUrl } from "../request-url.ts";
import { startRequest } from "../request.ts";
import type { RetryOption } from "../retry-option.ts";
import type { Tenant, Tenants } from "../tenants.ts";
import { timeoutsOf } from "../timeouts.ts";
import { recordFailure } from "../transaction.ts";
import { UnderWay } from "../under-way.ts";
import { openDraft, type Draft } from "./draft.ts";
import type { DownloadOptions, DownloadResult } from "./options.ts";
import { downloadTerms, type DownloadTerms } from "./terms.ts";
import { Transfer } from "./transfer.ts";
import { verifyDraft } from "./verify.ts";

/** Errors after which what has come is not worth keeping. */
const REFUSED: ReadonlySet<string> = new Set([
  "BODY_LIMIT",
  "DIGEST_MISMATCH",
  "RANGE_INVALID",
  "RESPONSE_LENGTH_EXCEEDED",
]);

/** What downloads and uploads take from their manager. */
export interface TransferMeans {
  readonly requests: ExchangeDefaults;
  readonly tenants: Tenants;
  readonly retry: RetryOption | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What `manager.download` does. */
export async function download(
  input: string | URL,
  path: string,
  options: DownloadOptions,
  means: TransferMeans,
): Promise<DownloadResult> {
  const url = parseRequestUrl(input, means.requests.schemes);
  const terms = downloadTerms(options, means.retry);
  const timeouts = timeoutsOf(options.timeouts, means.requests.timeouts);
  if (means.requests.underWay.isClosing) throw new UsageError("MANAGER_CLOSED", { operation: "download" });
  options.signal?.throwIfAborted();

  const ending = new AbortController();
  const follow = (): void => {
    ending.abort(options.signal?.reason);
  };
  const deadline = deadlineOf(options.timeoutMilliseconds ?? timeouts.total, ending.signal, url.host);
  options.signal?.addEventListener("abort", follow);
  const signal = deadline?.signal ?? ending.signal;
  const result = perform(url, path, terms, signal, means);
  const tenant: Tenant = {
    close: () => result.then(ignore, ignore),
    destroy: (reason) => {
      ending.abort(reason);
    },
  };
  means.tenants.add(tenant);
  try {
    return await result;
  } finally {
    means.tenants.delete(tenant);
    options.signal?.removeEventListener("abort", follow);
    deadline?.clear();
  }
}

async function perform(
  url: URL,
  path: string,
  terms: DownloadTerms,
  signal: AbortSignal,
  means: TransferMeans,
): Promise<DownloadResult> {
  const draft = await openDraft(path, { resumes: terms.resume });
  // A manager that closes waits for all of the download, which may have requests to make until then.
  const defaults: ExchangeDefaults = { ...means.requests, underWay: new UnderWay(), cache: "no-store" };
  const transfer = new Transfer({
    url,
    terms,
    draft,
    signal,
    now: means.now,
    request: (options) => startRequest(url, options, defaults),
  });
  try {
    if (!draft.isSeekable && terms.digests.size > 0) throw unverifiable(path);
    signal.throwIfAborted();
    await transfer.run();
    const digests = await verifyDraft(draft, [terms.digests, transfer.version?.digests ?? new Map()], url.host, signal);
    await draft.commit();
    const { reply, holdings, transactions } = transfer;
    if (reply === undefined) throw new Error("a draft that is whole has come by a response");
    return {
      path,
      bytes: holdings.bytes,
      resumedFromBytes: holdings.resumedFromBytes,
      digests,
      url: reply.url,
      status: reply.status,
      headers: reply.headers,
      transactions,
    };
  } catch (error) {
    // Whatever was wrong, a digest or a full disk: who is told wants to see what came from where.
    const last = transfer.transactions.at(-1);
    if (last !== undefined) recordFailure(error, last);
    await leave(draft, transfer, terms, error);
    throw error;
  }
}

/** Keeps or removes what has come of a download that failed; what goes wrong with that is not the error that matters. */
async function leave(draft: Draft, transfer: Transfer, terms: DownloadTerms, error: unknown): Promise<void> {
  try {
    const isOfNoUse = isCodedError(error) && REFUSED.has(error.code);
    if (terms.resume && transfer.isResumable && !isOfNoUse) {
      await transfer.record().catch(ignore);
      await draft.keep();
    } else {
      await draft.discard();
    }
  } catch {
    await draft.discard().catch(ignore);
  }
}

function unverifiable(path: string): UsageError {
  const remedy = "name a regular file: what else is written cannot be read again";
  return new UsageError("OPTION_INVALID", { operation: "download", peer: path, detail: "digest", remedy });
}

function deadlineOf(total: number, signal: AbortSignal, peer: string): Deadline | undefined {
  return total === Number.POSITIVE_INFINITY ? undefined : new Deadline(total, signal, peer);
}

function ignore(): void {
  // Whoever waits for the result is told.
}
