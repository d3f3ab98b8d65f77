import assert from "node:assert/strict";
import { test } from "node:test";
import { AnsweredCues } from "../../src/address-bar/answered-cues.ts";
import type { PhishingCue } from "../../src/url/cues/phishing-cue.ts";

const hidden: PhishingCue = { type: "hidden-domain", characters: 80, certainty: "possible" };
const fresh: PhishingCue = { type: "fresh-certificate", ageMilliseconds: 1, certainty: "possible" };

test("what was understood is not shown again for its kind and its origin, and for nothing else", () => {
  const answered = new AnsweredCues();
  answered.understand(hidden, "https://example.org/one");
  assert.equal(answered.firstOpen([{ ...hidden, characters: 90 }], "https://example.org/other"), undefined);
  assert.equal(answered.firstOpen([hidden, fresh], "https://example.org/"), fresh);
  assert.equal(answered.firstOpen([hidden, fresh], "http://example.org/"), hidden);
  assert.equal(answered.firstOpen([hidden, fresh], "https://www.example.org/"), hidden);
});
