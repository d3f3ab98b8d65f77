import { html } from "lit";
import { testNetworkIcon } from "../icons.ts";
import type { ConsoleView } from "../views/console-view.ts";
import { ConsoleTestNetwork } from "./console-test-network.ts";

/** The view, as the shell knows it. */
export const testNetworkView: ConsoleView = {
  name: "test-network",
  element: ConsoleTestNetwork,
  icon: testNetworkIcon,
  title: (texts) => texts.testNetwork.title,
  isOffered: ({ hello }) => hello?.canTestNetwork !== false,
  count: () => 0,
  render: (context, state, route) =>
    html`<console-test-network .context=${context} .state=${state} .route=${route}></console-test-network>`,
};
