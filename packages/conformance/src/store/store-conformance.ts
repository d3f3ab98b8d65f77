import { describe } from "node:test";
import type { OpenStoreOptions, Store } from "@fairlead/store";
import { collectionSuite } from "./collection-suite.ts";
import { lifetimeSuite } from "./lifetime-suite.ts";
import { persistenceSuite } from "./persistence-suite.ts";

/** A place for one store, of the implementation under test. */
export interface StoreFixture extends AsyncDisposable {
  /** Opens the store there; a second time while it is open, too, if it is persistent. */
  open(options?: OpenStoreOptions): Promise<Store>;
}

/** What an implementation promises beyond the contract. */
export interface StoreTraits {
  /** Whether records are there again when the store is opened again, and shared by all who have it open. */
  readonly persistent: boolean;
}

/**
 * Registers the tests that every store passes. `place` makes an empty place for each test.
 *
 * @example
 * storeConformance("memory", { persistent: false }, () => ({ open: openMemoryStore, [Symbol.asyncDispose]: async () => {} }));
 */
export function storeConformance(name: string, traits: StoreTraits, place: () => StoreFixture): void {
  describe(`store contract: ${name}`, () => {
    collectionSuite(place);
    lifetimeSuite(place);
    if (traits.persistent) persistenceSuite(place);
  });
}
