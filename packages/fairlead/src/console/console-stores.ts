import type { OfferedStore } from "@fairlead/console";
import type { Store } from "@fairlead/store";
import type { Surroundings } from "../command.ts";
import { openChosen } from "../store/open.ts";
import type { StoreChoice } from "../store/request.ts";
import { Closing } from "./closing.ts";

/** What settings call the store that the console was started with. */
export const givenStore = "given";
const memoryStore = "memory";

/** The stores that a console's settings choose from: the one that it was started with, and one that is gone with it. */
export class ConsoleStores implements AsyncDisposable {
  readonly #given: StoreChoice;
  readonly #surroundings: Surroundings;
  readonly #opened = new Map<string, Promise<Store>>();
  readonly #closing = new Closing();

  constructor(given: StoreChoice, surroundings: Surroundings) {
    this.#given = given;
    this.#surroundings = surroundings;
  }

  /** Opens a store when it is asked for first. @param id as `offered` has it */
  open(id: string): Promise<Store> {
    const before = this.#opened.get(id);
    if (before !== undefined) return before;
    const choice = id === givenStore ? this.#given : { url: "memory:", key: undefined };
    const opening = openChosen(choice, this.#surroundings).then((store) => {
      this.#closing.defer(() => store.close());
      return store;
    });
    this.#opened.set(id, opening);
    opening.catch(() => this.#opened.delete(id));
    return opening;
  }

  /** The one that is given first. */
  async offered(): Promise<readonly [OfferedStore, ...OfferedStore[]]> {
    // Without the password that the URL may have had.
    const { url } = await this.open(givenStore);
    const isKept = url !== "memory:";
    const given = { id: givenStore, description: url, isKept };
    return isKept ? [given, { id: memoryStore, description: "memory:", isKept: false }] : [given];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closing[Symbol.asyncDispose]();
  }
}
