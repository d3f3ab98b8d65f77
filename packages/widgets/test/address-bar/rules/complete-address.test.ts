import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { completeAddress, OFFER_LIMIT } from "../../../src/address-bar/rules/complete-address.ts";
import { matchedParts } from "../../../src/address-bar/rules/matched-parts.ts";
import { REMEMBERED_LIMIT, rememberVisits } from "../../../src/address-bar/rules/remembered.ts";
import type { Visit } from "../../../src/address-bar/visit.ts";

const NOW = Date.UTC(2026, 10, 22);
const DAY = 86_400_000;

function visit(url: string, { title = "", visits = 1, daysAgo = 1 } = {}): Visit {
  return { url, title, visits, lastVisit: NOW - daysAgo * DAY };
}

function complete(text: string, ...history: readonly Visit[]): ReturnType<typeof completeAddress> {
  return completeAddress(text, rememberVisits(history), NOW);
}

function offered(text: string, ...history: readonly Visit[]): readonly string[] {
  return complete(text, ...history).offers.map(({ url }) => url);
}

describe("the addresses that are offered", () => {
  test("have each typed word in the URL or in the title", () => {
    const guide = visit("https://docs.example.org/guide", { title: "Getting Started" });
    const other = visit("https://other.example.org/", { title: "Started elsewhere" });
    assert.deepEqual(offered("docs START", guide, other), [guide.url]);
    assert.deepEqual(offered("nowhere", guide, other), []);
    assert.deepEqual(offered("  ", guide, other), []);
  });

  test("begin with those whose host begins with the text, whatever is visited more", () => {
    const host = visit("https://news.example/", { visits: 1 });
    const path = visit("https://example.org/news", { visits: 500 });
    const middle = visit("https://goodnews.example/", { visits: 900 });
    assert.deepEqual(offered("news", middle, path, host), [host.url, path.url, middle.url]);
    assert.deepEqual(offered("https://www.news", host), [host.url]);
  });

  test("are ordered among equals by how often and how lately they were visited", () => {
    const often = visit("https://a.example/1", { visits: 20, daysAgo: 2 });
    const once = visit("https://a.example/2", { visits: 1, daysAgo: 0 });
    const longAgo = visit("https://a.example/3", { visits: 25, daysAgo: 300 });
    assert.deepEqual(offered("a.ex", longAgo, once, often), [often.url, once.url, longAgo.url]);
  });

  test("are http and https only, once each, without user information, not more than the list holds", () => {
    assert.deepEqual(
      offered(
        "example",
        visit("javascript:alert('example')"),
        visit("data:text/html,example"),
        visit("not a url example"),
        visit("https://user:secret@example.org/#a"),
        visit("https://example.org/#b"),
      ),
      ["https://example.org/"],
    );
    const many = Array.from({ length: 50 }, (_, index) => visit(`https://example.org/${index}`));
    assert.equal(offered("example", ...many).length, OFFER_LIMIT);
  });

  test("come from so many visits at the most", () => {
    const many = Array.from({ length: REMEMBERED_LIMIT + 1 }, (_, index) => visit(`https://example.org/${index}`));
    assert.equal(rememberVisits(many).length, REMEMBERED_LIMIT);
  });
});

describe("what is completed in the line", () => {
  const table: readonly (readonly [typed: string, visited: string, rest: string | undefined, url?: string])[] = [
    ["exa", "https://example.org/a/b", "mple.org/", "https://example.org/"],
    ["EXA", "https://www.example.org/", "mple.org/", "https://www.example.org/"],
    ["www.exa", "https://www.example.org/", "mple.org/", "https://www.example.org/"],
    ["www.exa", "https://example.org/", undefined],
    ["https://exa", "https://example.org/", "mple.org/", "https://example.org/"],
    ["https://exa", "http://example.org/", undefined],
    ["exa", "http://example.org:8080/x", "mple.org:8080/", "http://example.org:8080/"],
    ["example.org/Gu", "https://example.org/Guide?q=1", "ide?q=1", "https://example.org/Guide?q=1"],
    ["example.org/gu", "https://example.org/Guide", undefined],
    ["example.org/", "https://example.org/", undefined],
    ["xn", "https://exämple.org/", undefined],
    ["xn--exmple-cua.or", "https://exämple.org/", undefined],
    ["ex", "https://еxample.org/", undefined],
    ["еx", "https://еxample.org/", undefined],
    ["mple", "https://example.org/", undefined],
  ];
  for (const [typed, visited, rest, url] of table) {
    test(`${JSON.stringify(typed)} for ${visited}: ${rest ?? "nothing"}`, () => {
      const { inline } = complete(typed, visit(visited));
      assert.deepEqual(inline, rest === undefined ? undefined : { rest, url });
    });
  }
});

describe("what was typed is emphasised", () => {
  test("wherever it stands, and nothing is lost", () => {
    assert.deepEqual(matchedParts("www.example.org", "exa ORG"), [
      { text: "www.", matched: false },
      { text: "exa", matched: true },
      { text: "mple.", matched: false },
      { text: "org", matched: true },
    ]);
    assert.deepEqual(matchedParts("example", ""), [{ text: "example", matched: false }]);
    assert.deepEqual(matchedParts("", "a"), []);
  });

  test("except where lower case changes the positions", () => {
    assert.deepEqual(matchedParts("İstanbul", "istanbul"), [{ text: "İstanbul", matched: false }]);
  });
});
