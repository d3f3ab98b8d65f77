/** What a manager remembers, for tools that look at a store: which collections there are, and what their records say. */
export { exportMemory, type ExportedMemory, type ExportMemoryOptions } from "../exchange/export.ts";
export { EXCHANGE_FORMATS, type ExchangeFormat } from "../exchange/format.ts";
export {
  importMemory,
  type ImportedMemory,
  type ImportMemoryOptions,
  type OmittedImport,
} from "../exchange/import.ts";
export { forgetMemory } from "../forget/forget-memory.ts";
export type { ForgottenCounts } from "../forget/forget.ts";
export { COLLECTIONS, isCollectionName, openCollection, type CollectionName } from "./collections.ts";
export { isAbout, readerOf, type CollectionReader, type ReadRecord } from "./readers/collection-readers.ts";
export { canonicalHost } from "./readers/hosts.ts";
export { secretStore, type SecretStoreOptions } from "./secret-store.ts";
