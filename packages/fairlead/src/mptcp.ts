/** Multipath TCP, on Linux. */
export * from "@fairlead/mptcp";
