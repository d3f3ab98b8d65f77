import { UsageError } from "@fairlead/core";
import {
  digestAlgorithms,
  formatWantedDigests,
  parseDigestText,
  type DigestAlgorithm,
  type Digests,
} from "@fairlead/http/digest-fields";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "@fairlead/http/retries";
import { canReplay } from "../request-body.ts";
import { flattenFields, hasField, pairFields } from "../request-fields.ts";
import type { RequestOptions } from "../request.ts";
import { retryPolicy, type RetryOption } from "../retry-option.ts";
import type { DownloadOptions, DownloadProgress, ExpectedDigests } from "./options.ts";

/** Connections at the most. */
const PARALLEL_LIMIT = 16;

/** What was asked of a download, read and found sound. */
export interface DownloadTerms {
  readonly resume: boolean;
  readonly digests: Digests;
  readonly parallel: number;
  readonly limitBytes: number;
  readonly acceptStatus: (status: number) => boolean;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
  /** `undefined` when nothing is tried again. */
  readonly retry: RetryPolicy | undefined;
  /** Whether parts can be asked for. */
  readonly mayAskForParts: boolean;
  /** Whether the request can be made again at all. */
  readonly isRepeatable: boolean;
  readonly method: string;
  /** What each request is made with, but for its range. */
  readonly request: RequestOptions;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/**
 * Reads the options of a download.
 *
 * @param managersRetry where it says nothing of its own.
 * @throws UsageError OPTION_INVALID
 */
export function downloadTerms(options: DownloadOptions, managersRetry: RetryOption | undefined): DownloadTerms {
  const { resume, digest, parallel = 1, limitBytes = Number.POSITIVE_INFINITY, acceptStatus, onProgress } = options;
  const { headers, retry = managersRetry, timeouts, ...others } = options;
  if (!(Number.isInteger(parallel) && parallel >= 1 && parallel <= PARALLEL_LIMIT)) {
    throw invalid("parallel", `give a whole number from 1 to ${String(PARALLEL_LIMIT)}`);
  }
  if (!(limitBytes >= 0)) throw invalid("limitBytes", "give a number of bytes");
  const method = options.method ?? "GET";
  const fields = flattenFields(headers);
  if (hasField(fields, "range") || hasField(fields, "if-range")) {
    throw invalid("headers", "leave Range and If-Range out: a download asks for what is missing by itself");
  }
  // A part of a coded representation cannot be decoded, nor put together with others.
  if (!hasField(fields, "accept-encoding")) fields.push("Accept-Encoding", "identity");
  // One loop decides about repetitions, and one deadline is for all of them.
  const request = { ...others, retry: false, timeouts: { ...timeouts, total: Number.POSITIVE_INFINITY } } as const;
  Reflect.deleteProperty(request, "timeoutMilliseconds");
  if (!hasField(fields, "want-repr-digest"))
    fields.push("Want-Repr-Digest", formatWantedDigests(["sha-256", "sha-512"]));
  return {
    resume: resume ?? false,
    digests: digestsOf(digest ?? {}),
    parallel,
    limitBytes,
    acceptStatus: acceptStatus ?? ((status): boolean => status >= 200 && status <= 299),
    onProgress,
    retry: retry === undefined ? DEFAULT_RETRY_POLICY : retryPolicy(retry),
    mayAskForParts: method === "GET" && options.body === undefined,
    isRepeatable: options.body === undefined || canReplay(options.body),
    method,
    request,
    fields: pairFields(fields),
  };
}

function digestsOf(expected: ExpectedDigests): Digests {
  const unknown = Object.keys(expected).find((name) => !digestAlgorithms.includes(name as DigestAlgorithm));
  if (unknown !== undefined) throw invalid("digest", `name one of ${digestAlgorithms.join(", ")}`);
  const digests = new Map<DigestAlgorithm, Uint8Array>();
  for (const algorithm of digestAlgorithms) {
    const given = expected[algorithm];
    if (given === undefined) continue;
    const text = typeof given === "string" ? given : Buffer.from(given).toString("hex");
    const bytes = parseDigestText(algorithm, text);
    if (bytes === undefined) throw invalid(`digest.${algorithm}`, "give it in hexadecimal, in base64, or as bytes");
    digests.set(algorithm, bytes);
  }
  return digests;
}

function invalid(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "download", detail, remedy });
}
