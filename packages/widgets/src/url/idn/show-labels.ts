import type { ShownLabel } from "../url-display.ts";
import type { LabelReason } from "./label-reason.ts";

/** Decides for each label of a domain whether it is shown in Unicode. @param host as the URL parser gives it. */
export function showLabels(host: string): readonly ShownLabel[] {
  return host.split(".").map((label) => ({
    ascii: label,
    shown: label,
    why: label.startsWith("xn--") ? noData : ascii,
  }));
}

const ascii: LabelReason = { type: "ascii" };
const noData: LabelReason = { type: "punycode", rule: "no-data" };
