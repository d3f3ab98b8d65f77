import type { OpenStoreOptions, Store } from "@fairlead/store";

/** A place for one store, of the implementation under test. */
export interface StoreFixture extends AsyncDisposable {
  /** Opens the store there; a second time while it is open, too, if it is persistent. */
  open(options?: OpenStoreOptions): Promise<Store>;
}
