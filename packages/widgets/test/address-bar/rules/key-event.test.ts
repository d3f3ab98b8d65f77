import assert from "node:assert/strict";
import { test } from "node:test";
import { keyEvent, type PressedKey } from "../../../src/address-bar/rules/key-event.ts";

function pressed(key: string, with_: Partial<PressedKey> = {}): PressedKey {
  return {
    key,
    shiftKey: false,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    isComposing: false,
    keyCode: 0,
    ...with_,
  };
}

test("keys mean what they mean in a combobox", () => {
  assert.deepEqual(keyEvent(pressed("Enter"), undefined)?.event, { type: "enter" });
  assert.deepEqual(keyEvent(pressed("Escape"), undefined)?.event, { type: "escape" });
  assert.deepEqual(keyEvent(pressed("ArrowDown"), undefined)?.event, { type: "move", to: "next" });
  assert.deepEqual(keyEvent(pressed("ArrowUp"), undefined)?.event, { type: "move", to: "previous" });
  assert.deepEqual(keyEvent(pressed("PageUp"), undefined)?.event, { type: "move", to: "first" });
  assert.deepEqual(keyEvent(pressed("PageDown"), undefined)?.event, { type: "move", to: "last" });
});

test("keys that move the caret are the platform's too", () => {
  for (const key of ["Home", "End", "ArrowLeft", "ArrowRight"]) {
    assert.deepEqual(keyEvent(pressed(key), 0), { event: { type: "caret" }, isUsed: false });
  }
});

test("Shift+Delete forgets the chosen line; with none chosen it deletes text", () => {
  assert.deepEqual(keyEvent(pressed("Delete", { shiftKey: true }), 2)?.event, { type: "forget", index: 2 });
  assert.equal(keyEvent(pressed("Delete", { shiftKey: true }), undefined), undefined);
  assert.equal(keyEvent(pressed("Delete"), 2), undefined);
});

test("while a character is composed, Enter and Escape belong to the input method; shortcuts belong to the platform", () => {
  assert.equal(keyEvent(pressed("Enter", { isComposing: true }), 0), undefined);
  assert.equal(keyEvent(pressed("Escape", { isComposing: true }), 0), undefined);
  assert.equal(keyEvent(pressed("Enter", { keyCode: 229 }), 0), undefined);
  assert.equal(keyEvent(pressed("ArrowLeft", { ctrlKey: true }), 0), undefined);
  assert.equal(keyEvent(pressed("Enter", { metaKey: true }), 0), undefined);
});
