import type { TestNetworkMessages } from "./messages.ts";

const count = (number: number): string => new Intl.NumberFormat("en").format(number);

/** What the view says, in English. */
export const testNetwork: TestNetworkMessages = {
  title: "Test network",
  starting: "The test network starts…",
  failed: "It could not be started.",
  again: "Try again",
  search: "Search services",
  shown: (number) => `${count(number)} to try`,
  nothingFound: "No service matches.",
  load: (name) => `Load ${name}`,
  noHttp: "not by the address bar",
  faults: "Faults",
  faultsHint: "A fault that is on meets all connections of its service, those of other programs too.",
  order: "Switch a fault on",
  type: "Fault",
  service: "Service",
  allServices: "all services",
  switchOn: "Switch on",
  switchOff: (type) => `Switch off: ${type}`,
  off: "Switch off",
  on: (number) => `${count(number)} on`,
  noFaults: "All is well: no fault is on.",
  hits: (number) => (number === 1 ? "met 1 connection" : `met ${count(number)} connections`),
};
