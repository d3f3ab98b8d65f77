/** What a download or an upload is doing, as the host application knows it. */
export type TransferState = "waiting" | "under-way" | "verifying" | "paused" | "done" | "failed" | "cancelled";

/** What can be asked for with a transfer. */
export type TransferAction = "pause" | "resume" | "cancel" | "retry" | "open" | "show" | "remove";

/** A download or an upload, as the host application gives it. It gives a new object for each change. */
export interface TransferFacts {
  /** Of the host application; unique among those that it shows together. */
  readonly id: string;
  readonly direction: "download" | "upload";
  /** The name of the file, without its folder. */
  readonly name: string;
  /** Where it comes from, or goes to. */
  readonly url: string;
  readonly state: TransferState;
  /** Bytes that are there, what an earlier try had left and what had to be given up included. Never falls within a try. */
  readonly transferredBytes: number;
  /** What `transferredBytes` comes to in the end; `undefined` while nobody has said it. */
  readonly totalBytes: number | undefined;
  /** What an earlier try had left. */
  readonly resumedFromBytes: number;
  /** What had to be given up, because the file had changed. */
  readonly discardedBytes: number;
  /** How many times it was begun again from zero: then alone its progress goes back, and says so. */
  readonly restarts: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** What it failed with, as a sentence, and what to do about it. */
  readonly error: string | undefined;
  readonly remedy: string | undefined;
  /** What the host application can do with it. Those that make sense in its state are offered. */
  readonly actions: readonly TransferAction[];
}
