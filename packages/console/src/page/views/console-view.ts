import type { WidgetClass } from "@fairlead/widgets";
import type { TemplateResult } from "lit";
import type { ConsoleMessages } from "../messages/messages.ts";
import type { Route, ViewName } from "../routing/route.ts";
import type { ConsoleState } from "../state/console-state.ts";
import type { ConsoleContext } from "./console-context.ts";

/** A view, as the shell knows it. */
export interface ConsoleView {
  readonly name: ViewName;
  /** The element that shows it. */
  readonly element: WidgetClass;
  /** 20 by 20, in `currentColor`. */
  readonly icon: TemplateResult;
  title(texts: ConsoleMessages): string;
  /** Whether the inspected program has it. */
  isOffered(state: ConsoleState): boolean;
  /** How many things in it are under way or ask for attention; 0 shows none. */
  count(state: ConsoleState): number;
  /** Draws its element. */
  render(context: ConsoleContext, state: ConsoleState, route: Route): TemplateResult;
}
