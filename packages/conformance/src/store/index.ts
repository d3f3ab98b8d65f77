/** What every store must do: the suite that each backend runs. */
export { storeConformance, type StoreFixture } from "./store-conformance.ts";
