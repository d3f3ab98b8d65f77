/**
 * Whether the services of a test are reached through their faults, as those of the command line are: set
 * `FAIRLEAD_TEST_DETOUR=1`. Whatever a service does must be the same on either way.
 */
export const detour = { faultsOnOpenConnections: process.env["FAIRLEAD_TEST_DETOUR"] === "1" } as const;
