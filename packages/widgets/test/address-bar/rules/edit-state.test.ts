import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Completion } from "../../../src/address-bar/rules/complete-address.ts";
import {
  editedText,
  type EditEvent,
  editStep,
  type EditRules,
  type EditState,
  offersOf,
} from "../../../src/address-bar/rules/edit-state.ts";

const URL_OF_PAGE = "https://open.example/";
const first: Completion = { url: "https://first.example/", title: "" };
const second: Completion = { url: "https://second.example/", title: "" };
const offers = [first, second];

/** Texts that begin with `f` have offers; what has a space leads nowhere. */
const rules: EditRules = {
  url: URL_OF_PAGE,
  complete: (text) =>
    text.startsWith("f")
      ? { offers, inline: { rest: "irst.example/", url: first.url } }
      : { offers: [], inline: undefined },
  decide: (text) => {
    if (text === "") return { type: "refuse", reason: { type: "empty" } };
    if (text.includes(" ")) return { type: "refuse", reason: { type: "not-an-address" } };
    return { type: "navigate", url: text, userInformationLeftOut: text.includes("@") };
  },
};

const typing = { type: "typing", inline: undefined, told: undefined, offers: [], text: "" } as const;
const states = {
  resting: { type: "resting" },
  untouched: { type: "untouched" },
  typed: { ...typing, text: "other" },
  offered: { ...typing, text: "f", offers },
  completed: { ...typing, text: "f", offers, inline: { rest: "irst.example/", url: first.url } },
  refused: { ...typing, text: "a b", told: { type: "refused", reason: { type: "not-an-address" } } },
  firstChosen: { type: "choosing", index: 0, offers, typed: "f" },
  lastChosen: { type: "choosing", index: 1, offers, typed: "f" },
} as const satisfies Record<string, EditState>;
type Name = keyof typeof states;

const events = {
  focus: { type: "focus" },
  blur: { type: "blur" },
  "type f": { type: "input", text: "f", grows: true },
  "delete to f": { type: "input", text: "f", grows: false },
  "type other": { type: "input", text: "other", grows: true },
  down: { type: "move", to: "next" },
  up: { type: "move", to: "previous" },
  last: { type: "move", to: "last" },
  caret: { type: "caret" },
  enter: { type: "enter" },
  "pick 0": { type: "pick", index: 0 },
  "forget 1": { type: "forget", index: 1 },
  escape: { type: "escape" },
  history: { type: "history" },
} as const satisfies Record<string, EditEvent>;

const settled = { ...typing, text: "first.example/", offers } as const;
const oneLeft = [first];

/** All transitions: what is not named stays as it is. `[state, effect]` */
const table: Readonly<
  Record<Name, Partial<Record<keyof typeof events, readonly [state: EditState, effect?: string]>>>
> = {
  resting: {
    focus: [states.untouched, "select-all"],
    "type f": [states.completed],
    "delete to f": [states.offered],
    "type other": [states.typed],
  },
  untouched: {
    blur: [states.resting],
    "type f": [states.completed],
    "delete to f": [states.offered],
    "type other": [states.typed],
    enter: [states.resting, `navigate ${URL_OF_PAGE}`],
    escape: [states.resting, "leave"],
  },
  typed: {
    blur: [states.resting],
    "type f": [states.completed],
    "delete to f": [states.offered],
    enter: [states.resting, "navigate other"],
    escape: [states.untouched, "select-all"],
  },
  offered: {
    blur: [states.resting],
    "type f": [states.completed],
    "type other": [states.typed],
    down: [states.firstChosen],
    up: [states.lastChosen],
    last: [states.lastChosen],
    enter: [states.resting, "navigate f"],
    "pick 0": [states.resting, `navigate ${first.url}`],
    "forget 1": [{ ...states.offered, offers: oneLeft }, `forget ${second.url}`],
    escape: [states.untouched, "select-all"],
  },
  completed: {
    blur: [states.resting],
    "delete to f": [states.offered],
    "type other": [states.typed],
    down: [states.firstChosen],
    up: [states.lastChosen],
    last: [states.lastChosen],
    caret: [settled],
    enter: [states.resting, `navigate ${first.url}`],
    "pick 0": [states.resting, `navigate ${first.url}`],
    "forget 1": [{ ...states.offered, offers: oneLeft }, `forget ${second.url}`],
    escape: [states.untouched, "select-all"],
  },
  refused: {
    blur: [states.resting],
    "type f": [states.completed],
    "delete to f": [states.offered],
    "type other": [states.typed],
    escape: [states.untouched, "select-all"],
  },
  firstChosen: {
    blur: [states.resting],
    "type f": [states.completed],
    "delete to f": [states.offered],
    "type other": [states.typed],
    down: [states.lastChosen],
    up: [states.offered],
    last: [states.lastChosen],
    caret: [{ ...states.offered, text: first.url }],
    enter: [states.resting, `navigate ${first.url}`],
    "pick 0": [states.resting, `navigate ${first.url}`],
    "forget 1": [{ ...states.firstChosen, offers: oneLeft }, `forget ${second.url}`],
    escape: [states.offered],
  },
  lastChosen: {
    blur: [states.resting],
    "type f": [states.completed],
    "delete to f": [states.offered],
    "type other": [states.typed],
    down: [states.offered],
    up: [states.firstChosen],
    caret: [{ ...states.offered, text: second.url }],
    enter: [states.resting, `navigate ${second.url}`],
    "pick 0": [states.resting, `navigate ${first.url}`],
    "forget 1": [{ ...states.firstChosen, offers: oneLeft }, `forget ${second.url}`],
    escape: [states.offered],
  },
};

describe("the text of the bar", () => {
  for (const [name, state] of Object.entries(states)) {
    test(`${name}: each event leads where the table says`, () => {
      for (const [eventName, event] of Object.entries(events)) {
        // Both come from the records above, whose keys are these.
        const [expected, effect] = table[name as Name][eventName as keyof typeof events] ?? [state];
        const step = editStep(state, event, rules);
        assert.deepEqual(step.state, expected, `${name}, ${eventName}`);
        const { type, ...rest } = step.effect ?? { type: undefined };
        assert.equal(type && [type, ...Object.values(rest)].join(" "), effect, `${name}, ${eventName}`);
      }
    });
  }

  test("arrows open a list that Escape or a refusal has closed", () => {
    const closed: EditState = { ...typing, text: "f" };
    assert.deepEqual(editStep(closed, { type: "move", to: "next" }, rules).state, states.firstChosen);
  });

  test("a paste tells what was taken out, and completes nothing in the line", () => {
    const { state } = editStep(states.untouched, { type: "paste", text: "f", removed: ["invisible"] }, rules);
    assert.deepEqual(state, { ...states.offered, told: { type: "removed", removed: ["invisible"] } });
  });

  test("what leads nowhere stays in the line and is told, an address of the history too", () => {
    const { state, effect } = editStep({ ...typing, text: "a b" }, { type: "enter" }, rules);
    assert.deepEqual([state, effect], [states.refused, undefined]);
    const bad: EditState = { type: "choosing", index: 0, offers: [{ url: "a b", title: "" }], typed: "a" };
    assert.deepEqual(editStep(bad, { type: "enter" }, rules), { state: states.refused, effect: undefined });
    const empty: EditState = { ...typing, text: "" };
    assert.deepEqual(editStep(empty, { type: "enter" }, rules), { state: empty, effect: undefined });
  });

  test("user information that was left out is told when it is gone to", () => {
    const { state } = editStep({ ...typing, text: "a@b" }, { type: "enter" }, rules);
    assert.deepEqual(state, { type: "resting", told: { type: "user-information" } });
  });

  test("a bar without a page goes nowhere by Enter", () => {
    assert.equal(editStep(states.untouched, { type: "enter" }, { ...rules, url: "" }).effect, undefined);
  });

  test("the chosen line stays chosen when the history changes, and is given up when it is gone", () => {
    const fewer: EditRules = { ...rules, complete: () => ({ offers: [second], inline: undefined }) };
    assert.deepEqual(editStep(states.lastChosen, { type: "history" }, fewer).state, {
      type: "choosing",
      index: 0,
      offers: [second],
      typed: "f",
    });
    assert.deepEqual(editStep(states.firstChosen, { type: "history" }, fewer).state, {
      ...states.offered,
      offers: [second],
    });
  });

  test("whatever happens, the chosen line exists, and a bar at rest shows nothing but what is open", () => {
    const event = fc.constantFrom<EditEvent>(...Object.values(events), { type: "forget", index: 0 });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (happened) => {
        let state: EditState = states.resting;
        for (const each of happened) {
          state = editStep(state, each, rules).state;
          if (state.type === "choosing") assert.ok(offersOf(state)[state.index] !== undefined);
          if (state.type === "resting") assert.equal(editedText(state, URL_OF_PAGE), undefined);
          if (state.type === "untouched") assert.equal(editedText(state, URL_OF_PAGE), URL_OF_PAGE);
        }
      }),
    );
  });
});
