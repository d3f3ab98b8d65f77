/** Lists that come in pages. */
export type { Page, PaginateOptions, Pagination } from "./options.ts";
export { paginate } from "./paginate.ts";
export {
  byCursor,
  byLastItem,
  byLink,
  byNextUrl,
  byOffset,
  byPageNumber,
  byWhatItSays,
  type FindNextPage,
  type NextPage,
  type PageFacts,
  type PageStyle,
} from "./protocol/page-style.ts";
