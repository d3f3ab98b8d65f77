import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatRoute, parseRoute, viewNames } from "../../../src/page/routing/route.ts";

test("a fragment names a view, and a place in it", () => {
  assert.deepEqual(parseRoute("#requests/12/response"), { view: "requests", path: ["12", "response"] });
  assert.deepEqual(parseRoute("#memory"), { view: "memory", path: [] });
});

test("a fragment that names no view is the list of requests", () => {
  for (const fragment of ["", "#", "#toString", "#nothing/1", "#/requests"]) {
    assert.deepEqual(parseRoute(fragment), { view: "requests", path: [] });
  }
});

test("every place is read back from its fragment, and any fragment is read", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...viewNames),
      fc.array(fc.string({ unit: "grapheme", minLength: 1 })),
      (view, path) => {
        assert.deepEqual(parseRoute(formatRoute({ view, path })), { view, path });
      },
    ),
  );
  fc.assert(
    fc.property(fc.string(), (fragment) => {
      parseRoute(fragment);
    }),
  );
});
