/** A download, as it goes. */
export interface ShownTransfer {
  readonly id: number;
  readonly url: string;
  /** The name of the file, without its folder. */
  readonly fileName: string;
  readonly state: "under-way" | "paused" | "done" | "failed" | "cancelled";
  readonly receivedBytes: number;
  /** `undefined` while nobody has said it. */
  readonly totalBytes: number | undefined;
  /** What was there from an earlier try. */
  readonly resumedFrom: number;
  readonly error: string | undefined;
  readonly remedy: string | undefined;
}
