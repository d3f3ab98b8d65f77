import type { Removed } from "./clean-address.ts";
import type { Completion, Completions, InlineCompletion } from "./complete-address.ts";
import type { AddressDecision, AddressRefusal } from "./decide-address.ts";

/** What a person is doing with the text of the bar. */
export type EditState =
  /** Nothing: the bar shows the URL by its rules. */
  | { readonly type: "resting"; readonly told?: Told }
  /** It has the focus and shows the whole URL, which nobody has changed yet. */
  | { readonly type: "untouched" }
  | TypingState
  /** A line of the list is chosen; the bar shows where it leads. Never without an offer. */
  | {
      readonly type: "choosing";
      readonly index: number;
      readonly offers: readonly Completion[];
      /** To come back to. */
      readonly typed: string;
    };

/** Text was typed or pasted. */
export interface TypingState {
  readonly type: "typing";
  readonly text: string;
  /** Empty where the list is closed. */
  readonly offers: readonly Completion[];
  readonly inline: InlineCompletion | undefined;
  /** What the person is told about the text. */
  readonly told: Told | undefined;
}

/** Something that the bar says of the text in it. */
export type Told =
  | { readonly type: "removed"; readonly removed: readonly Removed[] }
  | { readonly type: "refused"; readonly reason: AddressRefusal }
  /** A user name or a password stood before the host. It was not passed on. */
  | { readonly type: "user-information" };

/** What happens to the bar. */
export type EditEvent =
  | { readonly type: "focus" }
  | { readonly type: "blur" }
  /** The text is another one now. `grows` when a character came at its end: only then is the rest offered in the line. */
  | { readonly type: "input"; readonly text: string; readonly grows: boolean }
  | { readonly type: "paste"; readonly text: string; readonly removed: readonly Removed[] }
  | { readonly type: "move"; readonly to: "next" | "previous" | "first" | "last" }
  /** The caret is moved: what is in the line becomes the person's own text. */
  | { readonly type: "caret" }
  | { readonly type: "enter" }
  /** A line of the list is pressed. */
  | { readonly type: "pick"; readonly index: number }
  | { readonly type: "forget"; readonly index: number }
  | { readonly type: "escape" }
  /** The history is another one. */
  | { readonly type: "history" };

/** What is to be done besides. */
export type EditEffect =
  | { readonly type: "select-all" }
  | { readonly type: "leave" }
  | { readonly type: "navigate"; readonly url: string }
  | { readonly type: "search"; readonly text: string }
  | { readonly type: "forget"; readonly url: string };

/** What follows. */
export interface EditStep {
  readonly state: EditState;
  readonly effect: EditEffect | undefined;
}

/** What the machine asks for while it decides. */
export interface EditRules {
  /** The whole URL that is open, canonical; `""` where there is none. */
  readonly url: string;
  complete(text: string): Completions;
  decide(text: string): AddressDecision;
}

/** Decides what an event makes of the bar. Each state answers each event; what an event has no meaning for stays as it is. */
export function editStep(state: EditState, event: EditEvent, rules: EditRules): EditStep {
  switch (event.type) {
    case "focus":
      return state.type === "resting" ? { state: UNTOUCHED, effect: { type: "select-all" } } : stay(state);
    case "blur":
      // What was typed and not gone to is given up: a bar at rest shows what is open and nothing else.
      return state.type === "resting" ? stay(state) : stay(RESTING);
    case "input":
      return stay(typing(event.text, rules, { inline: event.grows }));
    case "paste":
      return stay(typing(event.text, rules, { inline: false, removed: event.removed }));
    case "move":
      return stay(moved(state, event.to, rules));
    case "caret":
      return stay(settled(state));
    case "enter":
      return entered(state, rules);
    case "pick":
      return goTo(offersOf(state)[event.index]?.url, state, rules);
    case "forget":
      return forgotten(state, event.index);
    case "escape":
      return escaped(state);
    case "history":
      return stay(withNewOffers(state, rules));
  }
}

/** The text in the line; `undefined` at rest, when the display stands there. */
export function editedText(state: EditState, url: string): string | undefined {
  switch (state.type) {
    case "resting":
      return undefined;
    case "untouched":
      return url;
    case "typing":
      return state.text + (state.inline?.rest ?? "");
    case "choosing":
      return state.offers[state.index]?.url ?? state.typed;
  }
}

/** The lines of the list; none when it is closed. */
export function offersOf(state: EditState): readonly Completion[] {
  switch (state.type) {
    case "resting":
    case "untouched":
      return [];
    case "typing":
    case "choosing":
      return state.offers;
  }
}

const RESTING: EditState = { type: "resting" };
const UNTOUCHED: EditState = { type: "untouched" };

function stay(state: EditState): EditStep {
  return { state, effect: undefined };
}

function typing(
  text: string,
  rules: EditRules,
  { inline, removed = [] }: { readonly inline: boolean; readonly removed?: readonly Removed[] },
): TypingState {
  const completions = rules.complete(text);
  return {
    type: "typing",
    text,
    offers: completions.offers,
    inline: inline ? completions.inline : undefined,
    told: removed.length === 0 ? undefined : { type: "removed", removed },
  };
}

/** Beyond the ends of the list is what was typed, so that arrows go round. */
function moved(state: EditState, to: "next" | "previous" | "first" | "last", rules: EditRules): EditState {
  const opened =
    state.type === "typing" && state.offers.length === 0 ? typing(state.text, rules, { inline: false }) : state;
  const offers = offersOf(opened);
  if (offers.length === 0 || opened.type === "resting" || opened.type === "untouched") return state;
  const typed = opened.type === "choosing" ? opened.typed : opened.text;
  const index = movedIndex(opened.type === "choosing" ? opened.index : -1, to, offers.length);
  if (index === -1) return { type: "typing", text: typed, offers, inline: undefined, told: undefined };
  return { type: "choosing", index, offers, typed };
}

function movedIndex(from: number, to: "next" | "previous" | "first" | "last", count: number): number {
  switch (to) {
    case "next":
      return from + 1 === count ? -1 : from + 1;
    case "previous":
      return from === -1 ? count - 1 : from - 1;
    case "first":
      return 0;
    case "last":
      return count - 1;
  }
}

function settled(state: EditState): EditState {
  switch (state.type) {
    case "resting":
    case "untouched":
      return state;
    case "typing":
      if (state.inline === undefined) return state;
      return { ...state, text: state.text + state.inline.rest, inline: undefined };
    case "choosing":
      return {
        type: "typing",
        text: editedText(state, "") ?? "",
        offers: state.offers,
        inline: undefined,
        told: undefined,
      };
  }
}

function entered(state: EditState, rules: EditRules): EditStep {
  switch (state.type) {
    case "resting":
      return stay(state);
    case "untouched":
      return rules.url === "" ? stay(state) : goTo(rules.url, state, rules);
    case "typing":
      return goTo(state.inline?.url ?? state.text, state, rules);
    case "choosing":
      return goTo(state.offers[state.index]?.url, state, rules);
  }
}

/** Whatever leads somewhere is decided alike: an address of the history is no better than one that is typed. */
function goTo(text: string | undefined, state: EditState, rules: EditRules): EditStep {
  if (text === undefined) return stay(state);
  const decision = rules.decide(text);
  switch (decision.type) {
    case "navigate": {
      const told = decision.userInformationLeftOut ? ({ told: { type: "user-information" } } as const) : {};
      return { state: { ...RESTING, ...told }, effect: { type: "navigate", url: decision.url } };
    }
    case "search":
      return { state: RESTING, effect: decision };
    case "refuse": {
      if (decision.reason.type === "empty") return stay(state);
      const told: Told = { type: "refused", reason: decision.reason };
      return stay({ type: "typing", text: editedText(state, rules.url) ?? text, offers: [], inline: undefined, told });
    }
  }
}

function forgotten(state: EditState, index: number): EditStep {
  const url = offersOf(state)[index]?.url;
  if (url === undefined) return stay(state);
  return { state: withoutOffer(state, index), effect: { type: "forget", url } };
}

/** The line goes at once; the history follows when the application has forgotten it. */
function withoutOffer(state: EditState, index: number): EditState {
  switch (state.type) {
    case "resting":
    case "untouched":
      return state;
    case "typing":
      return { ...state, offers: state.offers.toSpliced(index, 1), inline: undefined };
    case "choosing": {
      const offers = state.offers.toSpliced(index, 1);
      if (offers.length === 0) return { type: "typing", text: state.typed, offers, inline: undefined, told: undefined };
      const chosen = state.index > index ? state.index - 1 : state.index;
      return { ...state, offers, index: Math.min(chosen, offers.length - 1) };
    }
  }
}

/** First back to what was typed, then to what is open, then out. */
function escaped(state: EditState): EditStep {
  switch (state.type) {
    case "resting":
      return stay(state);
    case "untouched":
      return { state: RESTING, effect: { type: "leave" } };
    case "typing":
      return { state: UNTOUCHED, effect: { type: "select-all" } };
    case "choosing":
      return stay({ type: "typing", text: state.typed, offers: state.offers, inline: undefined, told: undefined });
  }
}

function withNewOffers(state: EditState, rules: EditRules): EditState {
  switch (state.type) {
    case "resting":
    case "untouched":
      return state;
    case "typing":
      if (state.offers.length === 0) return state;
      return { ...state, offers: rules.complete(state.text).offers };
    case "choosing": {
      const chosen = state.offers[state.index]?.url;
      const { offers } = rules.complete(state.typed);
      const index = offers.findIndex(({ url }) => url === chosen);
      if (index === -1) return { type: "typing", text: state.typed, offers, inline: undefined, told: undefined };
      return { ...state, offers, index };
    }
  }
}

/** What the bar says of the text; `undefined` for nothing. */
export function toldOf(state: EditState): Told | undefined {
  switch (state.type) {
    case "resting":
    case "typing":
      return state.told;
    case "untouched":
    case "choosing":
      return undefined;
  }
}
