import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isAtRest, fileTag } from "../../../src/files/protocol/file-tag.ts";
import { matchesWeakly, parseEntityTags } from "@fairlead/http/conditional";

const facts = { size: 1_000, mtimeMs: 1_700_000_000_000.25, ctimeMs: 1_750_000_000_000.5 };
const now = facts.ctimeMs + 10_000;

describe("the entity tag of a file", () => {
  test("is strong, and an entity tag", () => {
    const tag = fileTag(facts, undefined, now);
    assert.match(tag, /^"/);
    assert.deepEqual(parseEntityTags(tag), { type: "list", tags: [tag] });
  });

  test("is another for another size, another date of either kind by less than a millisecond, and another coding", () => {
    const tags = [
      fileTag(facts, undefined, now),
      fileTag({ ...facts, size: 1_001 }, undefined, now),
      fileTag({ ...facts, mtimeMs: facts.mtimeMs + 0.25 }, undefined, now),
      fileTag({ ...facts, ctimeMs: facts.ctimeMs + 0.25 }, undefined, now),
      fileTag(facts, "br", now),
      fileTag(facts, "gzip", now),
    ];
    assert.equal(new Set(tags).size, tags.length);
  });

  test("is weak as long as a change might not show, and does not match the strong one even weakly", () => {
    const young = fileTag(facts, undefined, facts.ctimeMs + 1_999);
    assert.match(young, /^W\//);
    assert.equal(matchesWeakly(young, fileTag(facts, undefined, now)), false);
    assert.equal(isAtRest(facts, facts.ctimeMs + 2_000), true);
    assert.equal(isAtRest(facts, facts.ctimeMs - 5_000), false, "a clock that was set back");
  });
});
