import assert from "node:assert/strict";
import { test } from "node:test";
import { displayUrl } from "../../src/url/index.ts";

/** What is shown, joined. */
function shown(url: string): string {
  const display = displayUrl(url);
  return display.type === "url" ? display.parts.map((part) => part.text).join("") : display.text;
}

test("a URL is shown without user information, default port and the path that says nothing", () => {
  assert.equal(shown("https://user:secret@example.com:443/"), "https://example.com");
  assert.equal(shown("http://paypal.com@evil.example/?next=1#top"), "http://evil.example/?next=1#top");
  assert.equal(shown("HTTPS://EXAMPLE.com:8443/a%20b/%E4%BD%A0%41"), "https://example.com:8443/a%20b/你A");
});

test("an address is shown in its canonical form", () => {
  assert.equal(shown("http://0x7f.1/a"), "http://127.0.0.1/a");
  assert.equal(shown("http://2130706433"), "http://127.0.0.1");
  assert.equal(shown("http://[0:0:0:0:0:ffff:1.2.3.4]/"), "http://[::ffff:1.2.3.4]");
});

test("what a scheme without a host holds is never taken for one", () => {
  for (const url of [
    "javascript://bank.example/%0aalert(1)",
    "data:text/html,https://bank.example/",
    "blob:https://user:secret@bank.example/1-2",
    "view-source:https://user@bank.example/",
  ]) {
    const display = displayUrl(url);
    assert(display.type === "url");
    assert.deepEqual(
      display.parts.map((part) => part.role),
      ["scheme", "opaque"],
      url,
    );
    assert.equal(display.parts[0]?.emphasis, "flagged");
    assert.doesNotMatch(display.parts.map((part) => part.text).join(""), /user|secret/);
  }
});

test("of a script nothing is left out, since what looks like a user name there would run", () => {
  assert.equal(shown("javascript://bank.example/%0aalert(1)"), "javascript://bank.example/%0aalert(1)");
  assert.equal(shown("javascript://%0aalert(1);'@x'"), "javascript://%0aalert(1)%3B'@x'");
  assert.equal(shown("view-source:https://user:secret@bank.example/"), "view-source:https://bank.example/");
});
