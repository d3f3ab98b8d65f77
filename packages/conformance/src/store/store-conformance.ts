import { describe } from "node:test";
import { collectionSuite } from "./collection-suite.ts";
import { lifetimeSuite } from "./lifetime-suite.ts";
import { persistenceSuite } from "./persistence-suite.ts";
import type { StoreFixture } from "./store-fixture.ts";

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
