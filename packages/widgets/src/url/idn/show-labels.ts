import type { ShownLabel } from "../url-display.ts";
import type { UrlKnowledge } from "../url-knowledge.ts";
import { knownSiteLookAlike } from "./known-site-look-alike.ts";
import type { Label } from "./label.ts";
import type { LabelReason, PunycodeRule } from "./label-reason.ts";
import { decodePunycode } from "./punycode.ts";

/** A domain as it is shown: its labels, and all of it. */
export interface ShownName {
  readonly labels: readonly ShownLabel[];
  readonly shown: string;
}

/**
 * Decides for each label of a domain whether it is shown in Unicode: label by label, then for the host as a whole, which
 * must look like no known site and must become the same host again when the URL parser reads it.
 *
 * @param host as the URL parser gives it.
 */
export function showLabels(host: string, knowledge: UrlKnowledge): ShownName {
  const names = host.split(".");
  if (!host.includes("xn--")) return { labels: names.map(inAscii), shown: host };
  const decoded = names.map((name) => (isEncoded(name) ? decodePunycode(name) : name));
  const last = names.findLastIndex((name) => name !== "");
  const topLevel = { ascii: names[last] ?? "", unicode: decoded[last] ?? names[last] ?? "" };
  const labels = names.map((name, index) =>
    isEncoded(name) ? showLabel(name, decoded[index], topLevel, knowledge) : inAscii(name),
  );
  const shown = joined(labels);
  if (shown === host) return { labels, shown };
  const lookAlike = knownSiteLookAlike(host, labels, knowledge);
  if (lookAlike !== undefined) return inPunycode(host, labels, "known-site-look-alike", lookAlike);
  if (URL.parse(`https://${shown}/`)?.hostname === host) return { labels, shown };
  return inPunycode(host, labels, "not-canonical");
}

const ascii: LabelReason = { type: "ascii" };

function inAscii(name: string): ShownLabel {
  return { ascii: name, shown: name, why: ascii };
}

function isEncoded(name: string): boolean {
  return name.startsWith("xn--");
}

function showLabel(
  name: string,
  unicode: string | undefined,
  topLevel: Label["topLevel"],
  { labelPolicy, confusables }: UrlKnowledge,
): ShownLabel {
  if (unicode === undefined) return kept(name, unicode, "not-canonical");
  if (labelPolicy === undefined || confusables === undefined) return kept(name, unicode, "no-data");
  const why = labelPolicy.decide(unicode, topLevel);
  return { ascii: name, shown: why.type === "unicode" ? unicode : name, why };
}

/** @param found what the rule objects to; without it, what the label would have been shown as. */
function inPunycode(
  host: string,
  labels: readonly ShownLabel[],
  rule: "known-site-look-alike" | "not-canonical",
  found?: string,
): ShownName {
  return {
    labels: labels.map((label) =>
      label.why.type === "unicode" ? kept(label.ascii, label.shown, rule, found ?? label.shown) : label,
    ),
    shown: host,
  };
}

function kept(name: string, unicode: string | undefined, rule: PunycodeRule, found = ""): ShownLabel {
  return { ascii: name, shown: name, why: { type: "punycode", rule, unicode, found } };
}

function joined(labels: readonly ShownLabel[]): string {
  let name = "";
  for (const { shown } of labels) name += `.${shown}`;
  return name.slice(1);
}
