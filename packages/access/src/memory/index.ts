/** What a manager remembers, for tools that look at a store: which collections there are, and what their records say. */
export { COLLECTIONS, isCollectionName, openCollection, type CollectionName } from "./collections.ts";
export { isAbout, readerOf, type CollectionReader, type ReadRecord } from "./readers/collection-readers.ts";
export { canonicalHost } from "./readers/hosts.ts";
