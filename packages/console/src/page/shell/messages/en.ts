import type { ShellMessages } from "./messages.ts";

/** What stands around all views, in English. */
export const shell: ShellMessages = {
  navigation: "Views",
  underWay: (count) => `${count} under way`,
  connecting: "Connecting to the console…",
  lost: "The connection to the program is lost. It is tried again; what is shown is what was known last.",
  attached: (program) => `Attached to ${program}: its questions are answered there.`,
  faultsOn: (count) =>
    count === 1
      ? "A fault of the test network is on."
      : `${new Intl.NumberFormat("en").format(count)} faults of the test network are on.`,
  showFaults: "Show faults",
  process: (id) => `process ${id}`,
  notices: "Notices",
  dismiss: "Dismiss",
  skip: "Skip to the content",
  incomplete: "This URL was shown without its secrets, and is of no request on the list. Enter the whole of it.",
};
