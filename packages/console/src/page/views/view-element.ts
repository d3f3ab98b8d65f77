import { ConsoleElement } from "../console-element.ts";
import type { Route } from "../routing/route.ts";
import type { ConsoleState } from "../state/console-state.ts";
import type { ConsoleContext } from "./console-context.ts";

/** A view of the page: what it shows follows from the state and the route, which the shell hands it. */
export abstract class ViewElement extends ConsoleElement {
  static override properties = {
    ...ConsoleElement.properties,
    context: { attribute: false },
    state: { attribute: false },
    route: { attribute: false },
  };

  declare context: ConsoleContext;
  declare state: ConsoleState;
  declare route: Route;
}
