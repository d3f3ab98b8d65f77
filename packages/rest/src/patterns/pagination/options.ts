import type { CallOptions } from "../../client/options.ts";
import type { FollowOptions } from "../followed-address.ts";
import type { FindNextPage, PageStyle } from "./protocol/page-style.ts";

/** How pages are read. */
export interface PaginateOptions
  extends FollowOptions,
    Omit<CallOptions, "json" | "form" | "multipart" | "body" | "idempotencyKey" | "onUploadProgress"> {
  /** How the service pages; whatever its answers say by themselves by default. */
  readonly style?: PageStyle | FindNextPage;
  /** Where the items are, names joined by dots; the document itself, or its list of a usual name, by default. */
  readonly items?: string;
  /** Pages at most, 1,000 by default: more is an error, since a service that never ends looks like one that does. */
  readonly pageLimit?: number;
  /** Items at most: more is an error. Whoever wants the first few leaves the loop. */
  readonly itemLimit?: number;
  /** Asks for the next page while the items of this one are worked on. */
  readonly readAhead?: boolean;
}

/** Items, page after page; each loop begins anew. */
export interface Pagination<Item> extends AsyncIterable<Item> {
  /** The same page by page. */
  pages(): AsyncIterable<Page<Item>>;
}

/** One page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** The content, which may say more: a total, a date. */
  readonly document: unknown;
  readonly headers: Headers;
  /** The address that answered. */
  readonly url: string;
}
