import { html } from "lit";
import { downloadsIcon } from "../icons.ts";
import type { ConsoleView } from "../views/console-view.ts";
import { ConsoleDownloads } from "./console-downloads.ts";

/** The view, as the shell knows it. */
export const downloadsView: ConsoleView = {
  name: "downloads",
  element: ConsoleDownloads,
  icon: downloadsIcon,
  title: (texts) => texts.downloads.title,
  isOffered: ({ hello }) => hello?.canDownload !== false,
  count: ({ transfers }) => transfers.filter(({ state }) => state === "under-way").length,
  render: (context, state, route) =>
    html`<console-downloads .context=${context} .state=${state} .route=${route}></console-downloads>`,
};
