/** What every store must do: the suite that each backend runs. */
export { storeConformance } from "./store-conformance.ts";
export type { StoreFixture } from "./store-fixture.ts";
