import type { TestNetworkMessages } from "./messages.ts";

/** What the view says, in English. */
export const testNetwork: TestNetworkMessages = {
  title: "Test network",
};
