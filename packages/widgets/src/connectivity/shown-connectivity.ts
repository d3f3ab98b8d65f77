/** What is known of the way to the network. */
export type ShownConnectivity = "unknown" | "online" | "captive" | "offline";
