import type { ConsoleClient } from "../client/console-client.ts";
import type { Route } from "../routing/route.ts";

/** What a view can do, besides showing the state. */
export interface ConsoleContext {
  readonly client: ConsoleClient;
  /** Goes to another place of the page; `isStep` leaves out of the history where the person was. */
  go(route: Route, options?: { readonly isStep?: boolean }): void;
  /** Has the manager fetch it, as if it had been entered in the address bar, and goes to what comes of it. */
  open(url: string): Promise<void>;
  /** Tells the person what went wrong: an error that was caught. What was aborted is not told. */
  tell(error: unknown): void;
}
