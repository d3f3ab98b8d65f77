import { html } from "lit";
import { memoryIcon } from "../icons.ts";
import type { ConsoleView } from "../views/console-view.ts";
import { ConsoleMemory } from "./console-memory.ts";

/** The view, as the shell knows it. */
export const memoryView: ConsoleView = {
  name: "memory",
  element: ConsoleMemory,
  icon: memoryIcon,
  title: (texts) => texts.memory.title,
  isOffered: () => true,
  count: () => 0,
  render: (context, state, route) =>
    html`<console-memory .context=${context} .state=${state} .route=${route}></console-memory>`,
};
