import assert from "node:assert/strict";
import { test } from "node:test";
import { displayUrl } from "../../../src/url/index.ts";
import { dataWithSites } from "../url-data.ts";
import { keptInPunycode, keptSinceUnicode17, notValid, shownInUnicode, wellKnownInTests } from "./chromium-cases.ts";

const data = await dataWithSites(wellKnownInTests);

/** How a host is shown, or `undefined` where the URL parser takes no such host. */
function shown(host: string, knowledge = data): string | undefined {
  const display = displayUrl(`https://${host}/`, knowledge);
  return display.type === "url" && display.host.type === "domain" ? display.host.shown : undefined;
}

test(`${String(shownInUnicode.length)} names that Chromium shows in Unicode are shown in Unicode`, () => {
  for (const host of shownInUnicode) assert.doesNotMatch(shown(host) ?? "xn--", /xn--/, host);
});

test(`${String(keptInPunycode.length)} names that Chromium keeps in punycode are kept in punycode`, () => {
  for (const host of keptInPunycode) assert.equal(shown(host), host);
});

test("characters that Unicode 17 no longer allows keep their names in punycode", () => {
  for (const host of keptSinceUnicode17) assert.equal(shown(host), host);
});

test("names that are not valid stay as they are, or are no URL", () => {
  for (const host of notValid) assert.ok([host, undefined].includes(shown(host)), host);
});

test("without data every internationalised name stays in punycode", () => {
  for (const host of shownInUnicode) {
    const display = displayUrl(`https://${host}/`);
    assert.ok(display.type === "url" && display.host.type === "domain");
    assert.equal(display.host.shown, host);
  }
});

test("a label that looks like a known site takes the others with it only where they are a part of the likeness", () => {
  assert.equal(shown("xn--e1argc3h.xn--3e0b707e"), "xn--e1argc3h.한국");
  assert.equal(shown("xn--googl-fsa.com"), "xn--googl-fsa.com");
  assert.equal(shown("xn--xample-9ua.test.net"), "éxample.test.net");
});
