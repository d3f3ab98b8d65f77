import type { RequestsMessages } from "./messages.ts";

const number = new Intl.NumberFormat("en");

/** What the list of requests says, in English. */
export const requests: RequestsMessages = {
  title: "Requests",
  nothingYet: "No request yet",
  nothingYetHint: "Enter an address above, or use the program: each request that it makes is listed here.",
  noMatch: "No request matches",
  noMatchHint: "Those that are listed are hidden by the filter.",
  showAll: "Show all",
  search: "Filter",
  searchHint: "Filter: example.com -png",
  state: "State",
  states: { all: "All states", "under-way": "Under way", failed: "Failed", insecure: "Not secure" },
  kind: "Kind",
  kinds: {
    all: "All kinds",
    document: "Documents",
    data: "Data",
    script: "Scripts, styles",
    image: "Images",
    other: "Other",
  },
  follow: "Follow newest",
  exportHar: "Export HAR",
  clear: "Clear",
  count: (shown, all) => {
    const noun = all === 1 ? "request" : "requests";
    return shown === all ? `${number.format(all)} ${noun}` : `${number.format(shown)} of ${number.format(all)} ${noun}`;
  },
  columns: {
    status: "Status",
    method: "Method",
    url: "URL",
    type: "Type",
    size: "Size",
    time: "Time",
    security: "Security",
  },
  underWay: "Under way",
  failed: "Failed",
  security: { verified: "Verified", excepted: "Exception", insecure: "Not secure", none: "—" },
  fromCache: "Cache",
  hops: (count) => `${number.format(count)} hops`,
};
