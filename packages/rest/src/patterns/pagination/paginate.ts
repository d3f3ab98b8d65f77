import { ContentError, ServiceError, UsageError } from "@fairlead/core";
import { createHash } from "node:crypto";
import type { RestClient } from "../../client/call.ts";
import type { CallOptions } from "../../client/options.ts";
import type { RestResponse } from "../../client/rest-response.ts";
import { check } from "../../contract/check.ts";
import type { OutputOf, Schema } from "../../contract/schema.ts";
import { followedAddress, followedOrigins } from "../followed-address.ts";
import { Ending } from "../ending.ts";
import { itemsOf } from "./protocol/items-of.ts";
import type { Page, PaginateOptions, Pagination } from "./options.ts";
import { byWhatItSays, type NextPage } from "./protocol/page-style.ts";

/**
 * Reads the items of a list that comes in pages. A page is asked for when the one before has been read, or while it is with
 * `readAhead`; leaving the loop ends it.
 *
 * A page that leads to another origin is not asked for, unless `otherOrigins` names it: what is sent is for who was asked.
 *
 * @throws while it is read, beside the errors of a call: ServiceError PAGINATION_LOOP, PAGINATION_LIMIT; PolicyError
 * FOLLOWED_ORIGIN_REFUSED; ContentError CONTRACT_BROKEN for a page without items, and for items that break the schema.
 * @example
 * for await (const issue of paginate(github, "repos/nodejs/node/issues")) console.log(issue);
 */
export function paginate<S extends Schema>(
  client: RestClient,
  address: string | URL,
  options: PaginateOptions & { readonly schema: S },
): Pagination<OutputOf<S>>;
export function paginate(client: RestClient, address: string | URL, options?: PaginateOptions): Pagination<unknown>;
export function paginate(
  client: RestClient,
  address: string | URL,
  options: PaginateOptions & { readonly schema?: Schema } = {},
): Pagination<unknown> {
  const { pageLimit = 1_000, itemLimit = Number.POSITIVE_INFINITY } = options;
  if (!(pageLimit >= 1 && itemLimit >= 1)) throw new UsageError("OPTION_INVALID", { detail: "pageLimit, itemLimit" });
  const pages = (): AsyncGenerator<Page<unknown>, void> =>
    readPages(client, address, options, { pageLimit, itemLimit });
  return {
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const { items } of pages()) yield* items;
    },
  };
}

async function* readPages(
  client: RestClient,
  address: string | URL,
  options: PaginateOptions & { readonly schema?: Schema },
  { pageLimit, itemLimit }: { readonly pageLimit: number; readonly itemLimit: number },
): AsyncGenerator<Page<unknown>, void> {
  const { style = byWhatItSays(), readAhead = false, query, params, ...common } = options;
  const { first, next: findNext } = typeof style === "function" ? { first: undefined, next: style } : style;
  await using ending = new Ending(common.signal);
  const get = (next: string | URL, own: CallOptions): Promise<ReadPage> =>
    readPage(client, next, { ...common, ...own, signal: ending.signal }, options);

  let pending = get(address, { ...(params && { params }), query: { ...first, ...query } });
  let origins: ReadonlySet<string> | undefined;
  const seen = new Set<string>();
  for (let index = 0, itemsBefore = 0; ; index += 1) {
    const { response, document, items } = await pending;
    const { url, headers } = response;
    origins ??= followedOrigins(response, options);
    seen.add(digest(new URL(url)));
    const facts = { operation: "paginate", peer: new URL(url).host };
    if (itemsBefore + items.length > itemLimit)
      throw new ServiceError("PAGINATION_LIMIT", { ...facts, detail: "items" });

    const field = (name: string): string | undefined => headers.get(name) ?? undefined;
    const next = findNext({ document, items, field, index, itemsBefore });
    itemsBefore += items.length;
    const follow = (): Promise<ReadPage> => {
      if (index + 1 >= pageLimit) throw new ServiceError("PAGINATION_LIMIT", { ...facts, detail: "pages" });
      const followed = nextAddress(response, next, origins ?? new Set());
      const known = digest(followed);
      if (seen.has(known)) throw new ServiceError("PAGINATION_LOOP", facts);
      seen.add(known);
      return get(followed, {});
    };
    if (next !== undefined && readAhead) {
      pending = attempt(follow);
      // Who leaves the loop does not hear of it.
      pending.catch(() => undefined);
    }
    yield { items, document, headers, url };
    if (next === undefined) return;
    if (!readAhead) pending = follow();
  }
}

interface ReadPage {
  readonly response: RestResponse;
  readonly document: unknown;
  readonly items: readonly unknown[];
}

async function readPage(
  client: RestClient,
  address: string | URL,
  call: CallOptions,
  { items: path, schema }: { readonly items?: string; readonly schema?: Schema },
): Promise<ReadPage> {
  const sent = client.get(address, call);
  const [document, response] = await Promise.all([sent.json(), sent]);
  const items = itemsOf(document, path);
  const facts = { operation: "paginate", peer: new URL(response.url).host };
  if (items === undefined) {
    const issues = [{ message: "there is no list of items", path: path?.split(".") ?? [] }];
    throw new ContentError("CONTRACT_BROKEN", { ...facts, issues, remedy: "say by `items` where they are" });
  }
  if (schema === undefined) return { response, document, items };
  const checked: unknown[] = [];
  for (const [index, item] of items.entries()) {
    const result = await check(schema, item);
    if (result.type === "faulty") {
      const issues = result.issues.map((issue) => ({ ...issue, path: [index, ...issue.path] }));
      throw new ContentError("CONTRACT_BROKEN", { ...facts, issues });
    }
    checked.push(result.value);
  }
  return { response, document, items: checked };
}

/** Refusals of the next page are told where it would have come. */
function attempt<Result>(work: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

function nextAddress(
  response: RestResponse,
  next: Exclude<NextPage, undefined> | undefined,
  origins: ReadonlySet<string>,
): URL {
  if (next !== undefined && "address" in next) return followedAddress(response, next.address, origins);
  const address = followedAddress(response, response.url, origins);
  for (const [name, value] of Object.entries(next?.query ?? {})) address.searchParams.set(name, value);
  return address;
}

/** Addresses are as long as their service likes; what is kept of each is not. */
function digest({ href, hash }: URL): string {
  return createHash("sha256")
    .update(href.slice(0, href.length - hash.length))
    .digest("base64");
}
