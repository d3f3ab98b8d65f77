import { findLink, parseLinks } from "@fairlead/http/link";
import { textAt, valueAt } from "../../protocol/document-path.ts";

/** What a page says, for whoever looks for the next one. */
export interface PageFacts {
  /** The content. */
  readonly document: unknown;
  readonly items: readonly unknown[];
  /** A field of the response, by lower-case name. */
  readonly field: (name: string) => string | undefined;
  /** From 0. */
  readonly index: number;
  /** Items of the pages before. */
  readonly itemsBefore: number;
}

/**
 * Where the next page is: at an address, relative to where this one was, or where this one was with parameters of its query
 * replaced. `undefined` behind the last.
 */
export type NextPage = { readonly address: string } | { readonly query: Readonly<Record<string, string>> } | undefined;

/** Tells where the next page is. */
export type FindNextPage = (page: PageFacts) => NextPage;

/** How a service pages. */
export interface PageStyle {
  /** Parameters of the first page's query. */
  readonly first?: Readonly<Record<string, string>>;
  readonly next: FindNextPage;
}

/** The next page is what the `Link` field says: GitHub, GitLab, Shopify. RFC 8288. */
export function byLink(relation = "next"): PageStyle {
  return { next: ({ field }) => nextAddress(findLink(parseLinks(field("link")), relation)?.target) };
}

/** The document says the next page's address: JSON:API (`links.next`), Twilio (`next_page_uri`), OData (`@odata.nextLink`). */
export function byNextUrl(path: string): PageStyle {
  return {
    next: ({ document }) => nextAddress(wordAt(document, path) ?? wordAt(document, `${path}.href`)),
  };
}

/**
 * The document says what the query is to be: Google (`nextPageToken`, `pageToken`), Kubernetes (`metadata.continue`,
 * `continue`), Slack (`response_metadata.next_cursor`, `cursor`).
 */
export function byCursor({ next, parameter }: { readonly next: string; readonly parameter: string }): PageStyle {
  return {
    next: ({ document }) => {
      const cursor = textAt(document, next);
      return cursor === undefined ? undefined : { query: { [parameter]: cursor } };
    },
  };
}

/** The last item says what the query is to be: Stripe (`starting_after`, while `has_more`). */
export function byLastItem({
  parameter,
  id = "id",
  more,
}: {
  readonly parameter: string;
  /** Where an item says what it is called; `id` by default. */
  readonly id?: string;
  /** Where the document says whether there are more; without it an empty page is the last. */
  readonly more?: string;
}): PageStyle {
  return {
    next: ({ document, items }) => {
      if (more !== undefined && valueAt(document, more) !== true) return undefined;
      const last = textAt(items.at(-1), id);
      return last === undefined ? undefined : { query: { [parameter]: last } };
    },
  };
}

/** Where an end is told of. */
interface Counted {
  /** Items that a page is asked to have. A page with fewer is the last. */
  readonly size?: number;
  /** The parameter that says so. */
  readonly sizeParameter?: string;
  /** Where the document says how many items there are in all. */
  readonly total?: string;
}

/** The query says how many items come before. Without `size` and `total` an empty page is the last. */
export function byOffset({
  parameter = "offset",
  sizeParameter = "limit",
  ...counted
}: Counted & { readonly parameter?: string } = {}): PageStyle {
  return {
    first: { [parameter]: "0", ...sizeQuery(counted, sizeParameter) },
    next: (page) => {
      const before = page.itemsBefore + page.items.length;
      return isLast(page, counted)
        ? undefined
        : { query: { [parameter]: String(before), ...sizeQuery(counted, sizeParameter) } };
    },
  };
}

/** The query says the page's number. Without `size` and `total` an empty page is the last. */
export function byPageNumber({
  parameter = "page",
  sizeParameter = "per_page",
  first = 1,
  ...counted
}: Counted & { readonly parameter?: string; readonly first?: number } = {}): PageStyle {
  return {
    first: { [parameter]: String(first), ...sizeQuery(counted, sizeParameter) },
    next: (page) =>
      isLast(page, counted)
        ? undefined
        : { query: { [parameter]: String(first + page.index + 1), ...sizeQuery(counted, sizeParameter) } },
  };
}

/**
 * Whatever the response says in a way that cannot mean anything else: the `Link` field, and the members by which JSON:API,
 * HAL, OData, Azure, Twilio, Django, Google and Kubernetes name the next page.
 */
export function byWhatItSays(): PageStyle {
  return {
    next: (page) => {
      for (const { next } of USUAL_STYLES) {
        const found = next(page);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

const USUAL_STYLES: readonly PageStyle[] = [
  byLink(),
  ...["links.next", "_links.next", "@odata.nextLink", "nextLink", "next_page_uri", "next"].map(byNextUrl),
  byCursor({ next: "nextPageToken", parameter: "pageToken" }),
  byCursor({ next: "metadata.continue", parameter: "continue" }),
];

/** A number is no address: what calls the next page by one means something else. */
function wordAt(document: unknown, path: string): string | undefined {
  const value = valueAt(document, path);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function nextAddress(address: string | undefined): NextPage {
  return address === undefined ? undefined : { address };
}

function sizeQuery({ size }: Counted, parameter: string): Record<string, string> {
  return size === undefined ? {} : { [parameter]: String(size) };
}

function isLast({ document, items, itemsBefore }: PageFacts, { size = 1, total }: Counted): boolean {
  const all = total === undefined ? undefined : valueAt(document, total);
  if (typeof all === "number" && itemsBefore + items.length >= all) return true;
  return items.length < (typeof all === "number" ? 1 : size);
}
