import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FilteredTransactions } from "../../../src/page/requests/rules/filtered-transactions.ts";
import { mediaKind, mediaName } from "../../../src/page/requests/rules/media-kind.ts";
import { matchesFilter, noFilter, type RequestFilter } from "../../../src/page/requests/rules/request-filter.ts";
import { fakeListed } from "../../fake/fake-transaction.ts";

const wants = (filter: Partial<RequestFilter>, told: Parameters<typeof fakeListed>[1] = {}) =>
  matchesFilter(fakeListed(1, told), { ...noFilter, ...filter });

describe("the filter of the list", () => {
  test("looks for all words, in any case, in what is known of a request", () => {
    const told = { url: "https://Example.com/a?b=c", method: "POST", status: 404, error: "TIMEOUT" };
    for (const text of ["", "  ", "-", "example", "post 404", "TIMEOUT example", "application/json", "http/2"])
      assert.equal(wants({ text }, told), true, text);
    for (const text of ["example.org", "get", "404 example.net"]) assert.equal(wants({ text }, told), false, text);
  });

  test("leaves out what has a word behind a minus", () => {
    assert.equal(wants({ text: "-example" }), false);
    assert.equal(wants({ text: "example -png" }), true);
  });

  test("tells states apart: failed is no answer, or an error status", () => {
    assert.equal(wants({ state: "failed" }, { state: "failed", status: undefined }), true);
    assert.equal(wants({ state: "failed" }, { status: 404 }), true);
    assert.equal(wants({ state: "failed" }, { status: 304 }), false);
    assert.equal(wants({ state: "under-way" }, { state: "under-way" }), true);
    assert.equal(wants({ state: "insecure" }, { security: "excepted" }), true);
    assert.equal(wants({ state: "insecure" }), false);
  });

  test("tells kinds of bodies apart", () => {
    const kinds: readonly (readonly [string, string])[] = [
      ["application/json", "data"],
      ["application/problem+json", "data"],
      ["text/xml", "data"],
      ["text/html", "document"],
      ["application/xhtml+xml", "document"],
      ["text/javascript", "script"],
      ["text/css", "script"],
      ["image/svg+xml", "image"],
      ["font/woff2", "other"],
      ["", "other"],
    ];
    for (const [type, kind] of kinds) assert.equal(mediaKind(type), kind, type);
    assert.equal(mediaName("application/vnd.example+json"), "example+json");
  });

  test("looks at each request once, until it changes", () => {
    const filtered = new FilteredTransactions();
    const filter = { ...noFilter, text: "v1" };
    const first = [fakeListed(1), fakeListed(2, { url: "https://other.example/" })];
    assert.deepEqual(filtered.of(first, filter), [first[0]]);
    assert.equal(filtered.of(first, filter), filtered.of(first, filter));
    const changed = fakeListed(2, { url: "https://other.example/v1" });
    assert.deepEqual(filtered.of([...first.slice(0, 1), changed], filter), [first[0], changed]);
    assert.deepEqual(filtered.of(first, { ...filter, text: "other" }), [first[1]]);
    assert.equal(filtered.of(first, noFilter), first);
  });
});
