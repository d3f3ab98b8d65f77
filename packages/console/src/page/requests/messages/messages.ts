import type { MediaKind } from "../rules/media-kind.ts";
import type { FilteredState } from "../rules/request-filter.ts";
import type { ListedTransaction } from "../../../protocol/index.ts";

/** What the list of requests says. Text with values in it is a function, since languages order them differently. */
export interface RequestsMessages {
  /** The name of the view. */
  readonly title: string;
  readonly nothingYet: string;
  readonly nothingYetHint: string;
  readonly noMatch: string;
  readonly noMatchHint: string;
  readonly showAll: string;
  readonly search: string;
  readonly searchHint: string;
  readonly state: string;
  readonly states: Readonly<Record<FilteredState, string>>;
  readonly kind: string;
  readonly kinds: Readonly<Record<MediaKind | "all", string>>;
  /** Stays with the newest. */
  readonly follow: string;
  readonly exportHar: string;
  readonly clear: string;
  /** How many are listed, and of how many where a filter hides some. */
  readonly count: (shown: number, all: number) => string;
  readonly columns: Readonly<Record<"status" | "method" | "url" | "type" | "size" | "time" | "security", string>>;
  readonly underWay: string;
  readonly failed: string;
  readonly security: Readonly<Record<ListedTransaction["security"], string>>;
  /** Stands in the column of sizes for what came from the cache. */
  readonly fromCache: string;
  /** Stands behind the URL of what took more than one hop. */
  readonly hops: (count: number) => string;
}
