/** What a manager remembers, for tools that look at a store: which collections there are, and what their records say. */
export { canonicalHost, readerOf, type CollectionReader } from "./collection-readers.ts";
export {
  COLLECTIONS,
  isCollectionName,
  openCollection,
  type CollectionName,
  type DeclaredCollection,
} from "./collections.ts";
