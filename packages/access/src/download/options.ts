import type { DigestAlgorithm } from "@fairlead/http/digest-fields";
import type { ResponseFields } from "../dispatch.ts";
import type { RequestOptions } from "../request.ts";
import type { Transaction } from "../transaction.ts";

/** Digests by algorithm: bytes, or text in hexadecimal or base64. */
export type ExpectedDigests = Readonly<Partial<Record<DigestAlgorithm, string | Uint8Array>>>;

/**
 * What one download may say for itself. Stored responses are neither used nor kept unless `cache` says so; `retry` is about
 * the download as a whole: attempts are counted from the last one that brought something new. Deadlines of `timeouts` are
 * for each attempt, `total` for all of it.
 */
export interface DownloadOptions extends RequestOptions {
  /** Whether to go on with what an earlier call left, and to keep what has come when this one fails; false by default. */
  readonly resume?: boolean;
  /** What the file has to be. `Repr-Digest` of the server is held to, too. */
  readonly digest?: ExpectedDigests;
  /**
   * Connections over which different parts come at the same time; 1 by default. More help where each connection is slow by
   * itself, as on a long way or with a server that limits it, and cost the server more.
   */
  readonly parallel?: number;
  /** The largest file that is taken; none by default. */
  readonly limitBytes?: number;
  /** Whether a status brings the file; 200 to 299 by default. */
  readonly acceptStatus?: (status: number) => boolean;
  /** Told after each write; whatever it throws ends the download. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** How far a download has come. No number ever falls. */
export interface DownloadProgress {
  /** Bytes that are there or were, those of an earlier call and those that had to be given up included. */
  readonly receivedBytes: number;
  /** What `receivedBytes` comes to in the end; `undefined` when the server does not say how long the file is. */
  readonly totalBytes: number | undefined;
  /** What an earlier call had left. */
  readonly resumedFromBytes: number;
  /** What was given up because the file had changed, or its rest could not be asked for. */
  readonly discardedBytes: number;
}

/** A file that is there, whole. */
export interface DownloadResult {
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
  /** How much of it an earlier call had left; 0 when it was begun anew. */
  readonly resumedFromBytes: number;
  /** What was verified, in hexadecimal; empty when neither the caller nor the server named a digest. */
  readonly digests: Readonly<Partial<Record<DigestAlgorithm, string>>>;
  /** The URL that answered last. */
  readonly url: string;
  /** Of the last response: 206 when it was a part. */
  readonly status: number;
  /** Of the last response, by lower-case name. */
  readonly headers: ResponseFields;
  /** Of each attempt and part, in order; the latest hundred. */
  readonly transactions: readonly Transaction[];
}
