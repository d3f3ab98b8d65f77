import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readTab } from "../../../src/page/transaction/rules/transaction-tab.ts";
import { whatHappened } from "../../../src/page/transaction/rules/what-happened.ts";
import { fakeDetails, fakeHop, fakeListed } from "../../fake/fake-transaction.ts";

describe("what happened to a request", () => {
  test("is told hop by hop", () => {
    const details = fakeDetails(fakeListed(1), [
      fakeHop({ url: "http://a.example/", reason: "hsts", status: 307 }),
      fakeHop({ url: "https://a.example/", reason: "redirect", status: 301 }),
      fakeHop({ url: "https://b.example/", repeats: ["authentication"] }),
    ]);
    assert.deepEqual(whatHappened(details), [
      { type: "upgraded", url: "http://a.example/" },
      { type: "redirected", status: 301, url: "https://a.example/", to: "https://b.example/" },
      { type: "repeated", reason: "authentication", url: "https://b.example/" },
      { type: "answered", status: 200, url: "https://b.example/", protocol: "HTTP/2" },
    ]);
  });

  test("ends in a failure where it failed, even after an answer began", () => {
    const failed = fakeListed(1, { state: "failed", error: "BODY_CUT" });
    const types = (status: number | undefined) =>
      whatHappened(fakeDetails(failed, [fakeHop({ status, error: undefined })])).map(({ type }) => type);
    assert.deepEqual(types(undefined), ["failed"]);
    assert.deepEqual(types(200), ["answered", "failed"]);
  });

  test("tells of the cache, of other schemes, and of what has not come yet", () => {
    const only = (...hop: Parameters<typeof fakeHop>) => whatHappened(fakeDetails(fakeListed(1), [fakeHop(...hop)]))[0];
    assert.deepEqual(only({ reason: "cache", cache: { use: "fresh", ageSeconds: 4 }, url: "https://a.example/" }), {
      type: "cached",
      use: "fresh",
      ageSeconds: 4,
      url: "https://a.example/",
    });
    assert.equal(only({ reason: "scheme" })?.type, "handled");
    assert.equal(only({ status: undefined })?.type, "waiting");
  });
});

test("a tab that there is none of is the overview", () => {
  assert.equal(readTab("hops"), "hops");
  assert.equal(readTab("constructor"), "overview");
  assert.equal(readTab(undefined), "overview");
});
