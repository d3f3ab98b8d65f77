import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { defineApi, type Operation } from "../../src/index.ts";

const responses = { 200: z.string() };

const mistakes: readonly (readonly [what: string, operation: object, message: RegExp])[] = [
  ["a method in lower case", { method: "get", path: "/x", responses }, /\(method of x\); give one of GET, /],
  ["a path without its slash", { method: "GET", path: "x", responses }, /\(path x\); begin it with a slash/],
  [
    "a name that is a part",
    { method: "GET", path: "/x-{id}", responses },
    /\(path \/x-\{id\}\); make each name a whole/,
  ],
  [
    "a status that is none",
    { method: "GET", path: "/x", responses: { 99: null } },
    /\(status 99 of x\); give one from/,
  ],
  [
    "an answer that is no schema",
    { method: "GET", path: "/x", responses: { 200: { id: "string" } } },
    /\(answer 200 of x\)/,
  ],
];

for (const [what, operation, message] of mistakes) {
  test(`a contract with ${what} is refused where it is written`, () => {
    const operations = { x: operation as Operation };
    assert.throws(() => defineApi({ title: "X", version: "1", operations }), { name: "UsageError", message });
  });
}

test("types tell a name of a path that its schema lacks, and take a schema that takes anything", () => {
  const params = z.object({ petId: z.string() });
  const contract = defineApi({
    title: "Pets",
    version: "1",
    operations: {
      // @ts-expect-error: it lacks a name of the path: id
      lacking: { method: "GET", path: "/pets/{id}", params, responses },
      whole: { method: "GET", path: "/pets/{petId}", params, responses },
      anything: { method: "GET", path: "/things/{id}", params: z.unknown(), responses },
    },
  });
  assert.deepEqual(Object.keys(contract.operations), ["lacking", "whole", "anything"]);
});
