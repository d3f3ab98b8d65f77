import { html } from "lit";
import { requestsIcon } from "../icons.ts";
import type { ConsoleView } from "../views/console-view.ts";
import { ConsoleRequests } from "./console-requests.ts";

/** The view, as the shell knows it. */
export const requestsView: ConsoleView = {
  name: "requests",
  element: ConsoleRequests,
  icon: requestsIcon,
  title: (texts) => texts.requests.title,
  isOffered: () => true,
  count: ({ transactions }) => transactions.filter(({ state }) => state === "under-way").length,
  render: (context, state, route) =>
    html`<console-requests .context=${context} .state=${state} .route=${route}></console-requests>`,
};
