import assert from "node:assert/strict";
import { test } from "node:test";
import { TransportError } from "@fairlead/core";
import { whatFailed } from "../../../src/page/transaction/rules/what-failed.ts";

test("what failed is told without the remedy that is told beside it", () => {
  const { message, remedy } = new TransportError("CONNECTION_REFUSED", { peer: "a.example" });
  assert(message.includes(remedy));
  const told = whatFailed(message, remedy);
  assert(told.startsWith("a.example: "));
  assert(!told.includes(remedy));
  assert(!told.endsWith(";"));
});

test("what failed is told whole where it does not end with the remedy", () => {
  assert.equal(whatFailed("it failed; wait", undefined), "it failed; wait");
  assert.equal(whatFailed("it failed; wait a moment", "wait"), "it failed; wait a moment");
  assert.equal(whatFailed("; wait", "wait"), "; wait");
});
