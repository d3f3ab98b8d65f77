import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Announcement, type Heard, hear } from "../../src/connectivity/rules/heard.ts";
import type { ShownConnectivity } from "../../src/connectivity/shown-connectivity.ts";

/** What is read out when a network goes through these states; `undefined` for nothing. */
function heardOf(states: readonly ShownConnectivity[]): readonly (Announcement | undefined)[] {
  let before: Heard | undefined;
  return states.map((state) => {
    const now = hear(before, state);
    const isNew = now !== before;
    before = now;
    return isNew ? now.said : undefined;
  });
}

describe("hear", () => {
  const paths: readonly (readonly [
    title: string,
    states: readonly ShownConnectivity[],
    said: readonly (Announcement | undefined)[],
  ])[] = [
    ["says nothing of what a page begins with", ["offline"], [undefined]],
    ["says nothing when it is found out that all is well", ["unknown", "online"], [undefined, undefined]],
    [
      "says that a network is gone, and once that it is back",
      ["online", "offline", "online", "online"],
      [undefined, "offline", "online-again", undefined],
    ],
    ["says that it is back where the page began without one", ["offline", "online"], [undefined, "online-again"]],
    [
      "remembers that it was gone while nobody knows",
      ["offline", "unknown", "online"],
      [undefined, undefined, "online-again"],
    ],
    [
      "remembers it through a sign-in",
      ["offline", "local", "captive", "online"],
      [undefined, "local", "captive", "online-again"],
    ],
    ["says no “again” of what was never gone", ["captive", "online"], [undefined, "online"]],
    [
      "says it each time that it was gone",
      ["offline", "online", "offline", "online"],
      [undefined, "online-again", "offline", "online-again"],
    ],
  ];
  for (const [title, states, said] of paths) {
    test(title, () => {
      assert.deepEqual(heardOf(states), said);
    });
  }

  test("says “again” no more often than the network was gone, whatever it goes through", () => {
    const state = fc.constantFrom<ShownConnectivity>("unknown", "online", "local", "captive", "offline");
    fc.assert(
      fc.property(fc.array(state), (states) => {
        const again = heardOf(states).filter((each) => each === "online-again").length;
        const gone = states.filter((each, index) => each === "offline" && states[index - 1] !== "offline").length;
        assert.ok(again <= gone);
      }),
    );
  });
});
