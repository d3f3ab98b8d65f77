import type { TestNetworkMessages } from "./messages.ts";

/** What the view says, in Arabic. */
export const testNetwork: TestNetworkMessages = {
  title: "شبكة الاختبار",
};
