/** How a URL is shown so that nobody is deceived: rules alone, for a page, a terminal or a log. */
export { SHOWN_TEXT_LIMIT, shownText } from "../text/shown-text.ts";
export type { CueCertainty, PhishingCue } from "./cues/phishing-cue.ts";
export type { CueFacts } from "./cues/cue-facts.ts";
export { phishingCues } from "./cues/phishing-cues.ts";
export { type Confusables, unpackConfusables } from "./data/confusables.ts";
export { type IdentifierStatus, unpackIdentifierStatus } from "./data/identifier-status.ts";
export { type PublicSuffixes, unpackPublicSuffixes } from "./data/public-suffixes.ts";
export { displayUrl, SHOWN_TAIL_LIMIT } from "./display-url.ts";
export { elideUrl } from "./elide.ts";
export { type KnownSites, knownSites } from "./idn/known-sites.ts";
export { type LabelPolicy, labelPolicy } from "./idn/label-policy.ts";
export type { LabelReason, LabelRule, PunycodeRule } from "./idn/label-reason.ts";
export { classifyScheme, type SchemeClass } from "./scheme-class.ts";
export type {
  ShownHost,
  ShownLabel,
  ShownUrl,
  UrlDisplay,
  UrlNote,
  UrlPart,
  UrlPartEmphasis,
  UrlPartRole,
} from "./url-display.ts";
export type { UrlData, UrlKnowledge } from "./url-knowledge.ts";
export { isolatedUrlText, type UrlSegment, urlSegments } from "./url-segments.ts";
