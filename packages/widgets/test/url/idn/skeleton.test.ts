import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { loadUrlData } from "../../../src/url-data/load-url-data.ts";
import { looksLikeItself, skeletons } from "../../../src/url/idn/skeleton.ts";

const { confusables } = await loadUrlData();

test("what looks the same has a skeleton in common", () => {
  for (const [one, other] of [
    ["bücher", "bucher"],
    ["łódź", "lodz"],
    ["ѕсоре", "scope"],
    ["vvorld", "world"],
    ["paypa1", "paypal"],
    ["rn", "m"],
    ["þaypal", "paypal"],
    ["straße", "strasse"],
    ["ӏink", "link"],
  ] as const) {
    const looks = new Set(skeletons(one, confusables));
    assert.ok(
      skeletons(other, confusables).some((look) => looks.has(look)),
      one,
    );
  }
});

test("a label that looks like no other adds itself before an end, and changes nothing of what follows", () => {
  const plain = fc.stringMatching(/^[a-z0-9-]{1,5}$/);
  const letters = Array.from("abm01vwüéłøđßœþӏаѕтαν日本ノ하ا٠กआ·\u0301\u0308");
  const end = fc.array(fc.constantFrom(...letters, "."), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(plain, end, (label, characters) => {
      fc.pre(looksLikeItself(label));
      const name = characters.join("");
      assert.deepEqual(
        skeletons(`${label}.${name}`, confusables),
        skeletons(name, confusables).map((look) => `${label}.${look}`),
      );
    }),
    { numRuns: 500 },
  );
});
