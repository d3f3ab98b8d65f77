import { html } from "lit";
import { settingsIcon } from "../icons.ts";
import type { ConsoleView } from "../views/console-view.ts";
import { ConsoleSettings } from "./console-settings.ts";

/** The view, as the shell knows it. */
export const settingsView: ConsoleView = {
  name: "settings",
  element: ConsoleSettings,
  icon: settingsIcon,
  title: (texts) => texts.settings.title,
  isOffered: () => true,
  count: () => 0,
  render: (context, state, route) =>
    html`<console-settings .context=${context} .state=${state} .route=${route}></console-settings>`,
};
