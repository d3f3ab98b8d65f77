import type { NewFetch, RepeatedFetch } from "./fetch-order.ts";

/** What is to be brought as a file. */
export type DownloadOrder = (Pick<NewFetch, "url"> | RepeatedFetch) & {
  /** What to call it, where that can be; by default it is named after its URL. */
  readonly fileName?: string;
};
