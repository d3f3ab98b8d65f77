import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { listingPage } from "../../../src/files/protocol/listing-page.ts";

test("a listing shows directories first, and names as text", () => {
  const page = listingPage(
    ["<b>"],
    [
      { name: "b.txt", isDirectory: false },
      { name: `<script>"&'`, isDirectory: false },
      { name: "javascript:alert(1)", isDirectory: false },
      { name: "z", isDirectory: true },
    ],
    true,
  );
  assert.match(page, /<title>\/&lt;b&gt;\/<\/title>/);
  assert.deepEqual(
    [...page.matchAll(/<li><a href="([^"]*)">(.*)<\/a>/g)].map(([, href, text]) => [href, text]),
    [
      ["../", "../"],
      ["./z/", "z/"],
      ["./%3Cscript%3E%22%26'", "&lt;script&gt;&quot;&amp;&#39;"],
      ["./b.txt", "b.txt"],
      ["./javascript%3Aalert(1)", "javascript:alert(1)"],
    ],
  );
});

test("a listing of the root leads nowhere up, and says when there is more", () => {
  assert.doesNotMatch(listingPage([], [], true), /href|and more/);
  assert.match(listingPage([], [], false), /and more/);
});

test("whatever names are, a page has no tags but its own", () => {
  const tags = (page: string): number => page.split("<").length;
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      assert.equal(
        tags(listingPage([name], [{ name, isDirectory: false }], true)),
        tags(listingPage(["a"], [{ name: "a", isDirectory: false }], true)),
      );
    }),
  );
});
