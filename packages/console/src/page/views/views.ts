import { downloadsView } from "../downloads/downloads-view.ts";
import { memoryView } from "../memory/memory-view.ts";
import { requestsView } from "../requests/requests-view.ts";
import { settingsView } from "../settings/settings-view.ts";
import { testNetworkView } from "../test-network/test-network-view.ts";
import type { ConsoleView } from "./console-view.ts";

/** All views, in the order of the navigation. */
export const views: readonly ConsoleView[] = [requestsView, memoryView, downloadsView, testNetworkView, settingsView];
