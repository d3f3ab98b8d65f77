import { shownText } from "../../text/shown-text.ts";

/**
 * What a person has done, since the dialog is open, to be let through. Warnings are dismissed by habit where a click is
 * enough; reading the name of the host and writing it is what habit does not do. C. Bravo-Lillo et al., "Your Attention
 * Please", SOUPS 2013, and "Harder to Ignore?", SOUPS 2014.
 */
export interface DeliberateAct {
  /** Presses of a pointer count from then on, plus a delay: milliseconds of the dialog's clock. */
  readonly since: number;
  readonly sawDetails: boolean;
  readonly typedHost: string;
  /** There can be no exception, or an answer was given: nothing that follows changes that. */
  readonly isOver: boolean;
}

/** What happens while the dialog is open. */
export type DeliberateStep =
  | { readonly type: "details-opened" }
  | { readonly type: "host-typed"; readonly text: string }
  /** The window came back to the front, or was moved to where the pointer is: presses may have been meant for another. */
  | { readonly type: "disturbed"; readonly at: number }
  /** What is asked about changed: what was done before was done about something else. */
  | { readonly type: "subject-changed"; readonly at: number }
  | { readonly type: "over" };

/** How a button was pressed. */
export type Press =
  | { readonly by: "key" }
  /** `began` is when the pointer went down on the button, `undefined` where it went down elsewhere. */
  | { readonly by: "pointer"; readonly began: number | undefined; readonly clicks: number };

/** What is still to be done before the button is enabled; `undefined` when it is. */
export type MissingStep = "details" | "host" | undefined;

/** A dialog that opens. */
export function beginAct(at: number): DeliberateAct {
  return { since: at, sawDetails: false, typedHost: "", isOver: false };
}

/** The act after one step. */
export function advanceAct(act: DeliberateAct, step: DeliberateStep): DeliberateAct {
  switch (step.type) {
    case "details-opened":
      return { ...act, sawDetails: true };
    case "host-typed":
      return { ...act, typedHost: step.text.slice(0, 1_024) };
    case "disturbed":
      return { ...act, since: Math.max(act.since, step.at) };
    case "subject-changed":
      return { ...beginAct(step.at), isOver: act.isOver };
    case "over":
      return { ...act, isOver: true };
  }
}

/** What is missing of the act, for this host. */
export function missingStep(act: DeliberateAct, host: string): MissingStep {
  if (!act.sawDetails) return "details";
  const typed = comparable(act.typedHost);
  return typed !== "" && (typed === comparable(host) || typed === comparable(shownText(host))) ? undefined : "host";
}

/**
 * Whether a press of the button accepts. One that began before the dialog was there, or just after, was meant for
 * something else, and so was the second of two.
 */
export function accepts(act: DeliberateAct, host: string, press: Press): boolean {
  if (act.isOver || missingStep(act, host) !== undefined) return false;
  switch (press.by) {
    case "key":
      return true;
    case "pointer":
      return press.clicks === 1 && press.began !== undefined && press.began >= act.since + OPENING_DELAY_MILLISECONDS;
  }
}

/** Longer than a double click, and than a click that was on its way. */
export const OPENING_DELAY_MILLISECONDS = 1_000;

function comparable(host: string): string {
  return host
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$|\.$/g, "");
}
