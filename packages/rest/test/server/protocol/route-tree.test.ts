import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { RouteTree } from "../../../src/server/protocol/route-tree.ts";

function tree(...routes: readonly string[]): RouteTree<string> {
  const made = new RouteTree<string>();
  for (const route of routes) {
    const [method = "", path = ""] = route.split(" ");
    made.add(method, path, route);
  }
  return made;
}

function find(routes: RouteTree<string>, asked: string): string {
  const [method = "", path = ""] = asked.split(" ");
  const route = routes.find(method, path);
  switch (route.type) {
    case "found":
      return [route.target, ...route.values].join("|");
    case "method-missing":
      return route.methods.join(",");
    case "path-missing":
    case "malformed":
      return route.type;
  }
}

describe("paths of a contract", () => {
  const routes = tree(
    "GET /",
    "GET /users",
    "POST /users",
    "GET /users/{id}",
    "DELETE /users/{user}",
    "GET /users/me",
    "GET /users/{id}/posts/{post}",
    "GET /users/me/drafts",
    "GET /{any}/me/all",
    "GET /a%20b/ü",
    "GET /slash/",
  );
  const cases: readonly (readonly [asked: string, found: string])[] = [
    ["GET /", "GET /"],
    ["GET /users", "GET /users"],
    ["POST /users", "POST /users"],
    ["HEAD /users", "GET /users"],
    ["PUT /users", "GET,POST,HEAD"],
    ["GET /users/7", "GET /users/{id}|7"],
    ["DELETE /users/7", "DELETE /users/{user}|7"],
    ["PATCH /users/7", "GET,DELETE,HEAD"],
    // What is fixed wins, for all methods: it is another resource.
    ["GET /users/me", "GET /users/me"],
    ["DELETE /users/me", "GET,HEAD"],
    // And gives way where it leads nowhere.
    ["GET /users/me/posts/1", "GET /users/{id}/posts/{post}|me|1"],
    ["GET /users/me/all", "GET /{any}/me/all|users"],
    ["GET /users/", "path-missing"],
    ["GET /users//posts/1", "path-missing"],
    ["GET /slash/", "GET /slash/"],
    ["GET /slash", "path-missing"],
    ["GET //", "path-missing"],
    ["GET /users/7/", "path-missing"],
    // Compared decoded, decoded once, a slash within its segment.
    ["GET /us%65rs", "GET /users"],
    ["GET /a%20b/%C3%BC", "GET /a%20b/ü"],
    ["GET /users/a%2Fb", "GET /users/{id}|a/b"],
    ["GET /users/a%252Fb", "GET /users/{id}|a%2Fb"],
    ["GET /users%2F7", "path-missing"],
    ["GET /users/..%2F..%2Fadmin", "GET /users/{id}|../../admin"],
    ["GET /users/{id}", "GET /users/{id}|{id}"],
    ["GET /users/a+b", "GET /users/{id}|a+b"],
    ["GET /users/%", "malformed"],
    ["GET /users/%zz", "malformed"],
    ["GET /users/%C3", "malformed"],
    ["GET /users/%C0%AF", "malformed"],
    ["GET /nowhere/%ff", "malformed"],
    ["GET /__proto__", "path-missing"],
    ["constructor /users", "GET,POST,HEAD"],
  ];
  for (const [asked, found] of cases) {
    test(`${asked} leads to ${found}`, () => assert.equal(find(routes, asked), found));
  }

  const refused: readonly (readonly string[])[] = [
    ["GET /a", "GET /a"],
    ["GET /a/{x}", "GET /a/{y}"],
    ["GET /a", "GET /%61"],
    ["GET a"],
    ["GET /a?b"],
    ["GET /a{b}"],
    ["GET /{a}{b}"],
    ["GET /{}"],
    ["GET /{a}/{a}"],
    ["GET /{__proto__}"],
    ["GET /a/../b"],
    ["GET /a/%2E"],
    ["GET /50%"],
  ];
  for (const paths of refused) {
    test(`refuses ${paths.join(" beside ")}`, () => {
      assert.throws(() => tree(...paths), { code: "OPTION_INVALID" });
    });
  }

  test("takes no longer for paths that are made to be searched for long", () => {
    const deep = new RouteTree<string>();
    // Each level may be taken in two ways, and none leads anywhere.
    for (let mask = 0; mask < 256; mask += 1) {
      const path = Array.from({ length: 8 }, (_, bit) => ((mask >> bit) & 1 ? `/{n${String(bit)}}` : "/a")).join("");
      deep.add("GET", `${path}/end`, path);
    }
    assert.equal(deep.find("GET", "/a".repeat(4_000)).type, "path-missing");
  });

  test("finds any segments that are put into a path, as they were", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: "grapheme" }),
        fc.string({ minLength: 1, unit: "binary" }),
        (id, post) => {
          fc.pre(id !== "me" && [id, post].every((text) => text.isWellFormed()));
          const path = `/users/${encodeURIComponent(id)}/posts/${encodeURIComponent(post)}`;
          assert.deepEqual(routes.find("GET", path), {
            type: "found",
            target: "GET /users/{id}/posts/{post}",
            values: [id, post],
          });
        },
      ),
    );
  });
});
