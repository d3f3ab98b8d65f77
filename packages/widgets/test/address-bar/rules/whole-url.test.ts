import assert from "node:assert/strict";
import { test } from "node:test";
import { wholeUrl } from "../../../src/address-bar/rules/whole-url.ts";

test("what is edited and copied is canonical, ASCII, and without user information", () => {
  for (const [open, edited] of [
    ["HTTPS://user:secret@Bücher.example:443/ä", "https://xn--bcher-kva.example/%C3%A4"],
    ["https://paypal.com@evil.example/", "https://evil.example/"],
    ["about:blank", "about:blank"],
    ["no URL", ""],
    [undefined, ""],
  ] as const) {
    assert.equal(wholeUrl(open), edited);
  }
});
