import assert from "node:assert/strict";
import { test } from "node:test";
import { rememberVisits } from "../../../src/address-bar/rules/remembered.ts";
import { VISITED_SITES_LIMIT, visitedSites } from "../../../src/address-bar/rules/visited-sites.ts";
import { loadUrlData } from "../../../src/url-data/load-url-data.ts";

const data = await loadUrlData();

function domains(...history: readonly (readonly [url: string, visits: number])[]): readonly string[] {
  const visits = history.map(([url, count]) => ({ url, visits: count, lastVisit: 0 }));
  return [...visitedSites(rememberVisits(visits), data).domains];
}

test("a site is known by its registrable domain, from three visits on, those that are visited most first", () => {
  assert.deepEqual(
    domains(
      ["https://www.example.co.uk/a", 1],
      ["https://shop.example.co.uk/b", 2],
      ["https://once.example.com/", 2],
      ["https://often.example.org/", 9],
      ["https://xn--bcher-kva.example/", 3],
      ["http://127.0.0.1/", 50],
      ["http://localhost/", 50],
    ),
    ["example.org", "example.co.uk", "xn--bcher-kva.example"],
  );
});

test("no more sites are compared than the limit", () => {
  const many = Array.from({ length: VISITED_SITES_LIMIT + 5 }, (_, index) => [`https://site${index}.com/`, 3] as const);
  assert.equal(domains(...many).length, VISITED_SITES_LIMIT);
});
