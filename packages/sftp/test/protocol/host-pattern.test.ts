import { equal } from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { matchesPatternList } from "../../src/protocol/host-pattern.ts";

const cases: readonly (readonly [patterns: string, name: string, matches: boolean])[] = [
  ["a.example", "a.example", true],
  ["A.Example", "a.example", true],
  ["a.example", "b.example", false],
  ["a.example", "a.example.org", false],
  ["a.example,b.example", "b.example", true],
  ["*.example", "a.example", true],
  ["*.example", "example", false],
  ["*.example", "a.b.example", true],
  ["*", "anything", true],
  ["a*b*c", "aXbYbZc", true],
  ["a*b*c", "aXbYbZ", false],
  ["host?", "host1", true],
  ["host?", "host", false],
  ["host?", "host12", false],
  ["10.0.*.?", "10.0.12.3", true],
  ["*.example,!secret.example", "secret.example", false],
  ["!secret.example,*.example", "secret.example", false],
  ["!secret.example,*.example", "open.example", true],
  ["!secret.example", "open.example", false],
  ["[a.example]:2222", "[a.example]:2222", true],
  ["[a.example]:2222", "a.example", false],
  ["[*]:2222", "[a.example]:2222", true],
  ["a.example", "[a.example]:2222", false],
  ["a.example,,", "", false],
  ["", "", false],
  ["a.b", "axb", false],
];

for (const [patterns, name, matches] of cases) {
  test(`${patterns} ${matches ? "means" : "does not mean"} ${name}`, () => {
    equal(matchesPatternList(patterns, name), matches);
  });
}

test("a list means what a regular expression of the same sense means", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "*", "?"), maxLength: 12 });
  fc.assert(
    fc.property(text, fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 12 }), (pattern, name) => {
      const source = pattern.replace(/[.*?]/g, (character) => ({ ".": "\\.", "*": ".*", "?": "." })[character] ?? "");
      equal(matchesPatternList(pattern, name), pattern !== "" && new RegExp(`^(?:${source})$`).test(name));
    }),
  );
});

test("a pattern of many stars takes no time to speak of", () => {
  equal(matchesPatternList(`${"*a".repeat(2000)}b`, "a".repeat(20_000)), false);
});
