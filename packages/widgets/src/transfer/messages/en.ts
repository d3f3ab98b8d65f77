import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  formatUnits,
} from "../../text/quantities.ts";
import type { TransferMessages } from "./messages.ts";

const phases: TransferMessages["phases"] = {
  waiting: "Waiting",
  "under-way": "Under way",
  stalled: "Stalled",
  verifying: "Checking that it is whole",
  paused: "Paused",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

const actions: TransferMessages["actions"] = {
  pause: "Pause",
  resume: "Resume",
  cancel: "Cancel",
  retry: "Try again",
  open: "Open",
  show: "Show in folder",
  remove: "Remove from list",
};

/** What downloads and uploads say, in English. */
export const transfer: TransferMessages = {
  label: "Transfers",
  directions: { download: "Download", upload: "Upload" },
  phases,
  actions,
  actionOn: (action, name) => `${actions[action]}: ${name}`,
  size: (bytes) => formatBytes(bytes, "en"),
  amount: (bytes, totalBytes) =>
    totalBytes === undefined
      ? `${formatBytes(bytes, "en")}, size unknown`
      : `${formatBytes(bytes, "en")} of ${formatBytes(totalBytes, "en")}`,
  rate: (bytesPerSecond) => formatRate(bytesPerSecond, "en"),
  percent: (fraction) => formatPercent(fraction, "en"),
  remaining: (remaining) =>
    remaining.type === "moments"
      ? "a few seconds left"
      : `about ${formatUnits(remaining.count, remaining.unit, "en")} left`,
  silent: (milliseconds) => `nothing has come for ${silence(milliseconds)}`,
  resumed: (bytes) => `${formatBytes(bytes, "en")} from an earlier try`,
  discarded: (bytes) => `${formatBytes(bytes, "en")} given up, because the file had changed`,
  restarted: (times) =>
    times === 1 ? "begun again from zero" : `begun again from zero, ${formatCount(times, "en")} times`,
  unknownReason: "No reason was given.",
  remedy: "What to do:",
  announcement: (name, { phase, percent }) =>
    percent === undefined ? `${name}: ${phases[phase]}` : `${name}: ${formatPercent(percent / 100, "en")}`,
  groups: { "under-way": "Under way", resting: "Waiting and paused", failed: "Failed", ended: "Finished" },
  count: (count) => formatCount(count, "en"),
  underWay: (count) => `${formatCount(count, "en")} under way`,
  removeEnded: "Remove finished",
  empty: "No transfers yet",
  emptyHint: "Downloads and uploads appear here, with how far they are and how long they will take.",
};

function silence(milliseconds: number): string {
  if (milliseconds < 60_000) return formatUnits(Math.floor(milliseconds / 1_000), "second", "en");
  return formatDuration(milliseconds, "en");
}
