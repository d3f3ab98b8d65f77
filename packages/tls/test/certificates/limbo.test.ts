import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { verifyPath } from "../../src/certificates/index.ts";
import { limboCases, limboProfile, limboQuestion } from "./limbo/cases.ts";

const { cases, blobs } = limboCases();
const docs = readFileSync(join(import.meta.dirname, "../../../../docs/certificates.md"), "utf8");
/** Another table is about the differences between backends. */
const [chapter = ""] = docs.split("## The same over every backend");

test("all 208 cases of x509-limbo are here", () => {
  assert.equal(cases.length, 208);
  assert.equal(cases.filter(({ trusted }) => trusted).length, 63);
});

for (const each of cases) {
  // What is refused although limbo trusts it has a row in the docs that names every problem.
  const explained = explanations().get(each.id);
  const expected = each.trusted && explained === undefined ? "trusted" : "refused";
  test(`limbo ${each.id} is ${expected}`, () => {
    const verdict = verifyPath(limboQuestion(each, blobs));
    assert.equal(verdict.type, expected, JSON.stringify(verdict.type === "refused" ? verdict.problems : ""));
    if (verdict.type === "trusted") return;
    assert.notEqual(verdict.problems.length, 0);
    if (each.trusted) assert.deepEqual(explained, [...new Set(verdict.problems.map(({ code }) => code))].sort());
  });
}

test("no case is accepted that limbo refuses, and the docs give the count", (context) => {
  let [accepts, rejects] = [0, 0];
  for (const each of cases) {
    const trusted = verifyPath(limboQuestion(each, blobs)).type === "trusted";
    if (trusted && !each.trusted) accepts++;
    if (!trusted && each.trusted) rejects++;
  }
  const count = `${String(cases.length)} cases: ${String(cases.length - accepts - rejects)} as expected, ${String(accepts)} false accepts, ${String(rejects)} false rejects`;
  context.diagnostic(count);
  assert.equal(accepts, 0);
  assert.ok(docs.includes(count), count);
});

test("the docs explain no case that needs no explanation", () => {
  const refused = new Set(
    cases
      .filter((each) => each.trusted && verifyPath(limboQuestion(each, blobs)).type === "refused")
      .map(({ id }) => id),
  );
  assert.deepEqual([...explanations().keys()].sort(), [...refused].sort());
});

test("the profiles are nested: what a stricter one trusts, the others trust", () => {
  for (const each of cases) {
    const trusts = (profile: "path" | "rfc5280" | "web"): boolean =>
      verifyPath(limboQuestion(each, blobs, profile)).type === "trusted";
    if (trusts("rfc5280") || trusts("web")) assert.ok(trusts("path"), each.id);
    // The one exception: the web lets name constraints be not critical.
    if (trusts("web") && !trusts("rfc5280")) assert.match(each.id, /nc::permitted-dns-match-noncritical$/);
  }
});

test("the profile of validation alone gives way in matters of form only", () => {
  for (const each of cases.filter(({ trusted }) => !trusted)) {
    if (verifyPath(limboQuestion(each, blobs, "path")).type === "refused") continue;
    const verdict = verifyPath(limboQuestion(each, blobs));
    assert.ok(verdict.type === "refused");
    assert.deepEqual(
      verdict.problems.filter(({ family }) => family === "path"),
      [],
      each.id,
    );
    assert.equal(each.importance, "undetermined", each.id);
  }
  assert.ok(cases.some((each) => limboProfile(each) === "web"));
});

/** Rows of the docs: `| case | codes | why |`. */
function explanations(): ReadonlyMap<string, readonly string[]> {
  const rows = chapter.matchAll(/^\| `([a-z0-9:.-]+::[^`]+)` \| ([A-Z_`, ]+) \| \S.*\|$/gm);
  return new Map(Array.from(rows, ([, id = "", codes = ""]) => [id, codes.replaceAll("`", "").split(", ").sort()]));
}
