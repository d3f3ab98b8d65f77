import type { ShownLabel } from "../url-display.ts";
import type { UrlKnowledge } from "../url-knowledge.ts";
import { decideLabel } from "./decide-label.ts";
import { knownSiteLookAlike } from "./known-site-look-alike.ts";
import { inUnicode } from "./known-sites.ts";
import type { LabelReason } from "./label-reason.ts";
import { labelScripts } from "./label-rules/script-mix.ts";
import { decodePunycode } from "./punycode.ts";

/**
 * Decides for each label of a domain whether it is shown in Unicode: label by label, then for the host as a whole, which
 * must look like no known site and must become the same host again when the URL parser reads it.
 *
 * @param host as the URL parser gives it.
 */
export function showLabels(host: string, knowledge: UrlKnowledge): readonly ShownLabel[] {
  const labels = host.split(".");
  if (!host.includes("xn--")) return labels.map((label) => ({ ascii: label, shown: label, why: ascii }));
  const topLevel = labels.findLast((label) => label !== "") ?? "";
  const context = { ascii: topLevel, unicode: inUnicode(topLevel) };
  const shown = labels.map((label) => showLabel(label, context, knowledge));
  const unicode = shown.map((label) => label.shown).join(".");
  if (unicode === host) return shown;
  const lookAlike = knownSiteLookAlike(host, unicode, knowledge);
  if (lookAlike !== undefined) return shown.map((label) => inPunycode(label, "known-site-look-alike", lookAlike));
  if (URL.parse(`https://${unicode}/`)?.hostname === host) return shown;
  return shown.map((label) => inPunycode(label, "not-canonical", label.shown));
}

const ascii: LabelReason = { type: "ascii" };

function showLabel(
  label: string,
  topLevel: { readonly ascii: string; readonly unicode: string },
  { identifierStatus, confusables }: UrlKnowledge,
): ShownLabel {
  if (!label.startsWith("xn--")) return { ascii: label, shown: label, why: ascii };
  const unicode = decodePunycode(label);
  const keep = (rule: "no-data" | "not-canonical"): ShownLabel => ({
    ascii: label,
    shown: label,
    why: { type: "punycode", rule, unicode, found: "" },
  });
  if (unicode === undefined) return keep("not-canonical");
  if (identifierStatus === undefined || confusables === undefined) return keep("no-data");
  const why = decideLabel({ text: unicode, scripts: labelScripts(unicode), topLevel, identifierStatus });
  return { ascii: label, shown: why.type === "unicode" ? unicode : label, why };
}

function inPunycode(label: ShownLabel, rule: "known-site-look-alike" | "not-canonical", found: string): ShownLabel {
  if (label.why.type !== "unicode") return label;
  return { ascii: label.ascii, shown: label.ascii, why: { type: "punycode", rule, unicode: label.shown, found } };
}
