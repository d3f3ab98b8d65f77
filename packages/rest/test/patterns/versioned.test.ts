import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  expand,
  include,
  partialFields,
  sparseFields,
  versioned,
  type VersionPlace,
} from "../../src/patterns/index.ts";
import { startService } from "../client/service.ts";

describe("a version of a service is asked for", () => {
  const places: readonly (readonly [string, VersionPlace, string])[] = [
    ["by a field", { header: "X-Api-Version", version: "3" }, "/things 3 application/json"],
    [
      "by the media type",
      { mediaType: "application/vnd.example.v3+json" },
      "/things null application/vnd.example.v3+json",
    ],
    ["by the path", { path: "/v3/" }, "/v3/things null application/json"],
    ["by the query", { parameter: "api-version", version: "3" }, "/things?api-version=3 null application/json"],
  ];
  for (const [what, place, seen] of places) {
    test(what, async () => {
      const asked: string[] = [];
      await using service = await startService((request) => {
        const { pathname, search } = new URL(request.url);
        asked.push(
          `${pathname}${search} ${String(request.headers.get("x-api-version"))} ${String(request.headers.get("accept")).split(",")[0] ?? ""}`,
        );
        assert.equal(request.headers.get("x-own"), "1");
        return Response.json([1]);
      });
      const client = versioned(service.client({ headers: { "x-own": "1" } }), place);
      await client.get("things").json();
      await client.with({ timeout: 5_000 }).get("things").json();
      for (const method of ["post", "put", "patch", "delete"] as const) await client[method]("things").json();
      for await (const item of client.paginate("things")) assert.equal(item, 1);
      assert.deepEqual(new Set(asked), new Set([seen]));
    });
  }

  test("by the query, which the address of a next page has already", async () => {
    const asked: string[] = [];
    await using service = await startService((request) => {
      asked.push(new URL(request.url).search);
      return Response.json([1], asked.length === 1 ? { headers: { link: "<?v=3&page=2>; rel=next" } } : {});
    });
    for await (const item of versioned(service.client(), { parameter: "v", version: "3" }).paginate("things"))
      assert.equal(item, 1);
    assert.deepEqual(asked, ["?v=3", "?v=3&page=2"]);
  });
});

describe("the end of a version", () => {
  test("is told of each answer that says so, without secrets, and of no other", async () => {
    const told: unknown[] = [];
    await using service = await startService((request) =>
      request.url.includes("old")
        ? Response.json(
            {},
            {
              headers: {
                deprecation: "@1688169599",
                sunset: "Sun, 30 Jun 2024 23:59:59 GMT",
                link: '</why>; rel="deprecation"',
              },
            },
          )
        : Response.json({}),
    );
    const client = service.client({ onDeprecation: (notice, url) => told.push([notice, url]) });
    await client.get("new").json();
    await client.get("old", { query: { access_token: "secret" } }).json();
    assert.deepEqual(told, [
      [
        {
          deprecatedAt: 1_688_169_599_000,
          sunsetAt: Date.UTC(2024, 5, 30, 23, 59, 59),
          information: "/why",
          successor: undefined,
        },
        `${service.origin}/old?access_token=REDACTED`,
      ],
    ]);
  });
});

describe("what is sent along, and what is left out", () => {
  test("is said as each style has it", async () => {
    const asked: string[] = [];
    await using service = await startService((request) => {
      asked.push(new URL(request.url).searchParams.toString());
      return Response.json({});
    });
    const client = service.client();
    await client.get("x", { query: { ...expand("customer", "data.owner") } }).json();
    await client
      .get("x", {
        query: { ...include("author", "comments.author"), ...sparseFields({ articles: ["title", "body"] }) },
      })
      .json();
    await client
      .get("x", { query: { ...partialFields(["items/id", "next"]), ...partialFields(["a"], "$select") } })
      .json();
    assert.deepEqual(asked.map(decodeURIComponent), [
      "expand[]=customer&expand[]=data.owner",
      "include=author,comments.author&fields[articles]=title,body",
      "fields=items/id,next&$select=a",
    ]);
  });
  test("is refused with a comma, which would be two names", () => {
    for (const build of [
      expand,
      include,
      (name: string) => sparseFields({ a: [name] }),
      (name: string) => partialFields([name]),
    ]) {
      for (const name of ["", "a,b"]) assert.throws(() => build(name), { code: "OPTION_INVALID" });
    }
  });
});
