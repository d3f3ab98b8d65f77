import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { loadUrlData } from "../../src/url-data/load-url-data.ts";
import { displayUrl, elideUrl, knownSites, phishingCues, type UrlDisplay } from "../../src/url/index.ts";

const data = await loadUrlData();
const knowledge = { ...data, visited: knownSites(["example.com"], data.confusables) };

function textOf(display: UrlDisplay): string {
  return display.type === "url" ? display.parts.map(({ text }) => text).join("") : display.text;
}

/** Characters that deceive, and those that have a meaning in URLs. */
const hostile = fc.constantFrom(
  ...[
    "a",
    "z",
    "0",
    "1",
    ".",
    "-",
    "xn--",
    "/",
    "\\",
    ":",
    "@",
    "?",
    "#",
    "%",
    "%2e",
    "%00",
    "[",
    "]",
    "\u202e",
    "\u200d",
  ],
  ...[
    "\u2066",
    "\u200b",
    "\u3002",
    "\uff0e",
    "\uff0f",
    "\u2044",
    "\u0338",
    "\u0301",
    "а",
    "ӏ",
    "ß",
    "日",
    "ا",
    "१",
    "中",
    "一",
  ],
  ...[
    "\u0130",
    "\ud800",
    "\u{1f512}",
    "\u00a0",
    "\t",
    "\n",
    " ",
    "\0",
    "<",
    "paypal",
    ".com",
    "co.uk",
    "·",
    "ー",
    "ㄧ",
  ],
);
const host = fc.array(hostile, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(""));
const scheme = fc.constantFrom("https://", "http://", "foo://", "file://", "javascript:", "data:", "blob:https://", "");
const url = fc
  .tuple(
    scheme,
    fc.oneof(
      host,
      host.map((name) => `user:geheim@${name}`),
    ),
    host,
  )
  .map((pieces) => pieces.join(""));

test("whatever arrives, nothing of the display is unseen, moves its neighbours, or looks like a space", () => {
  fc.assert(
    fc.property(fc.oneof(url, fc.string({ unit: "binary" }), fc.webUrl()), (text) => {
      const display = displayUrl(text, knowledge);
      const shown = textOf(display);
      // A text that is no URL may hold spaces of its own.
      assert.doesNotMatch(
        display.type === "url" ? shown : shown.replaceAll(" ", ""),
        /[\p{Cc}\p{Cf}\p{Z}\p{Cs}\p{Co}\p{Cn}\u3164\u2800]/u,
      );
    }),
    { numRuns: 1_000 },
  );
});

test("the user information of a URL is nowhere in what is shown", () => {
  fc.assert(
    fc.property(scheme, host, host, (first, name, path) => {
      const text = `${first === "" ? "https://" : first}geheim:wort@${name.replaceAll(/[/\\?#@]/g, "")}/${path}`;
      const display = displayUrl(text, knowledge);
      // `data:` and `javascript:` hold text, where `@` means nothing.
      if (display.type !== "url" || ["script", "embedded"].includes(display.schemeClass)) return;
      assert.doesNotMatch(textOf(display) + JSON.stringify(display.notes), /geheim|wort/);
    }),
    { numRuns: 1_000 },
  );
});

test("the host that is shown is the one that is contacted: the URL parser reads it back as the same", () => {
  fc.assert(
    fc.property(url, (text) => {
      const display = displayUrl(text, knowledge);
      if (display.type !== "url" || display.host.type !== "domain") return;
      const { shown, ascii, registrableDomain } = display.host;
      assert.equal(new URL(`https://${shown}/`).hostname, ascii);
      const site = display.parts.find(({ role }) => role === "site")?.text ?? "";
      if (registrableDomain !== undefined) {
        assert.equal(new URL(`https://${site}/`).hostname.replace(/\.$/, ""), registrableDomain);
      }
      phishingCues(display, knowledge);
    }),
    { numRuns: 1_000 },
  );
});

test("64 KiB of whatever deceives are shown, cut and judged in a moment", () => {
  const pieces = [
    "a",
    ".",
    "a.",
    "-",
    "xn--",
    "xn--a.",
    "%e2%80%ae",
    "%e4%bd%a0",
    "@",
    ":",
    "/",
    "1.",
    "日",
    "аӏ",
    "paypal-",
    "a-",
  ];
  for (const piece of pieces) {
    const long = piece.repeat(65_536 / piece.length);
    for (const text of [
      `https://${long}`,
      `https://x.example/${long}`,
      `foo:${long}`,
      `http://${long}@x.example/`,
      long,
    ]) {
      const display = displayUrl(text, knowledge);
      phishingCues(display, knowledge);
      assert.ok(textOf(display).length < 200_000);
      if (display.type === "url") elideUrl(display.parts, (part) => part.length < 40);
    }
  }
});
