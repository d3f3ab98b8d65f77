import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addNotice } from "../../../src/page/shell/notice.ts";
import { addressFacts, ownTransactions, visitsOf } from "../../../src/page/shell/rules/address-facts.ts";
import { fetchOfShown } from "../../../src/page/shell/rules/fetch-of-shown.ts";
import { fakeListed } from "../../fake/fake-transaction.ts";

const opened = fakeListed(1, { isOwn: true, url: "http://a.example/", lastUrl: "https://a.example/" });
const underWay = fakeListed(2, { isOwn: true, state: "under-way", url: "https://b.example/" });

describe("the address bar of the console", () => {
  test("shows where the last answer came from, until there is another", () => {
    const { url, pending, security } = addressFacts([opened, underWay]);
    assert.equal(url, "https://a.example/");
    assert.equal(pending, underWay);
    assert.deepEqual(security, { origin: "https://a.example", trust: "verified" });
    assert.equal(addressFacts([]).url, undefined);
  });

  test("says of a certificate what is known of it, and nothing of plain http", () => {
    const trust = (told: Parameters<typeof fakeListed>[1]) =>
      addressFacts([fakeListed(1, { isOwn: true, ...told })]).security?.trust;
    assert.equal(trust({ security: "excepted" }), "exception");
    assert.equal(trust({ state: "failed", error: "CERTIFICATE_EXPIRED", security: "none" }), "refused");
    assert.equal(trust({ security: "none" }), undefined);
    assert.equal(trust({ security: "verified", url: "http://a.example/" }), undefined);
  });

  test("asks for a request once more by its number where its URL is shown without all that it held", () => {
    const url = "https://a.example/?access_token=REDACTED";
    const own = [fakeListed(1, { isOwn: true, url }), fakeListed(2, { isOwn: true, lastUrl: url }), opened];
    assert.deepEqual(fetchOfShown(url, own), { repeat: 2 });
    assert.deepEqual(fetchOfShown(url, own.slice(0, 1)), { repeat: 1 });
    assert.equal(fetchOfShown(`${url}&more`, own), undefined);
    const long = `https://a.example/${"x".repeat(2_000)}`;
    assert.deepEqual(fetchOfShown(`${long}%E2%80%A6`, [fakeListed(7, { url: `${long}…` })]), { repeat: 7 });
    assert.deepEqual(fetchOfShown("https://a.example/", own), { url: "https://a.example/" });
  });

  test("completes what was fetched from here, and not what the program did or the person forgot", () => {
    const own = ownTransactions([opened, fakeListed(3), { ...opened, id: 4, startedAt: 7 }, underWay]);
    assert.deepEqual(visitsOf(own, new Set()), [{ url: "http://a.example/", visits: 2, lastVisit: 7 }]);
    assert.deepEqual(visitsOf(own, new Set(["http://a.example/"])), []);
  });
});

test("three notices are shown at most, none twice, and none of what was given up", () => {
  const told = ["a", "b", "a", "c", "d"].reduce<Parameters<typeof addNotice>[0]>(
    (notices, message) => addNotice(notices, new Error(message)),
    [],
  );
  assert.deepEqual(
    told.map(({ message }) => message),
    ["a", "c", "d"],
  );
  assert.equal(new Set(told.map(({ id }) => id)).size, 3);
  assert.equal(addNotice(told, new DOMException("", "AbortError")), told);
});
