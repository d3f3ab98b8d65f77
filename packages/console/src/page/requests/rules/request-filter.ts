import type { ListedTransaction } from "../../../protocol/index.ts";
import { mediaKind, type MediaKind } from "./media-kind.ts";

/** What a person wants to see of the list. */
export interface RequestFilter {
  /** Words that must all be there; one that begins with `-` must not. */
  readonly text: string;
  readonly state: FilteredState;
  readonly kind: MediaKind | "all";
}

/** States to choose from: `failed` is no answer, or one with an error status. */
export const filteredStates = ["all", "under-way", "failed", "insecure"] as const;

/** One of them. */
export type FilteredState = (typeof filteredStates)[number];

/** Lets everything through. */
export const noFilter: RequestFilter = { text: "", state: "all", kind: "all" };

/** Whether anything is left out. */
export function isFiltering({ text, state, kind }: RequestFilter): boolean {
  return text.trim() !== "" || state !== "all" || kind !== "all";
}

/** Whether a request is wanted: its words are looked for in method, URL, status, error, type and protocol. */
export function matchesFilter(transaction: ListedTransaction, { text, state, kind }: RequestFilter): boolean {
  if (!isInState(transaction, state)) return false;
  if (kind !== "all" && mediaKind(transaction.mediaType) !== kind) return false;
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "" && word !== "-");
  if (words.length === 0) return true;
  const { method, url, status, error, mediaType, protocol, reason } = transaction;
  const said = [method, url, status ?? "", error ?? "", mediaType, protocol, reason].join(" ").toLowerCase();
  return words.every((word) => (word.startsWith("-") ? !said.includes(word.slice(1)) : said.includes(word)));
}

/** Whether it went wrong: nobody answered, or with an error status. */
export function isFailed({ state, status }: ListedTransaction): boolean {
  return state === "failed" || (status !== undefined && status >= 400);
}

function isInState(transaction: ListedTransaction, state: FilteredState): boolean {
  switch (state) {
    case "all":
      return true;
    case "under-way":
      return transaction.state === "under-way";
    case "failed":
      return isFailed(transaction);
    case "insecure":
      return transaction.security === "insecure" || transaction.security === "excepted";
  }
}
