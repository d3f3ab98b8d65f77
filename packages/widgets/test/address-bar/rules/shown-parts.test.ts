import assert from "node:assert/strict";
import { test } from "node:test";
import { listParts, originParts, partsOf, shownAsText } from "../../../src/address-bar/rules/shown-parts.ts";
import { displayUrl } from "../../../src/url/display-url.ts";

function texts(parts: readonly { readonly text: string }[]): readonly string[] {
  return parts.map(({ text }) => text);
}

test("whom a URL belongs to is its scheme, its host and its port", () => {
  assert.deepEqual(texts(originParts(displayUrl("https://www.example.org:8443/a?b#c"))), [
    "https://",
    "www.example.org",
    ":8443",
  ]);
  assert.deepEqual(texts(originParts(displayUrl("data:text/html,https://bank.example/"))), ["data:"]);
});

test("in a list https goes without saying and http does not", () => {
  assert.deepEqual(texts(listParts(displayUrl("https://example.org/a"))), ["example.org", "/a"]);
  assert.deepEqual(texts(listParts(displayUrl("http://example.org/a"))), ["http://", "example.org", "/a"]);
});

test("what is no URL is one quiet part, and belongs to nobody", () => {
  const display = displayUrl("no URL\u202e");
  assert.deepEqual(partsOf(display), [{ role: "opaque", text: "no URL⟨U+202E⟩", emphasis: "quiet" }]);
  assert.deepEqual(originParts(display), []);
  assert.equal(shownAsText(display), "no URL⟨U+202E⟩");
});

test("the parts joined are the whole display", () => {
  assert.equal(
    shownAsText(displayUrl("HTTPS://user:secret@Example.org:443/a%C3%A9?b#c")),
    "https://example.org/aé?b#c",
  );
});
