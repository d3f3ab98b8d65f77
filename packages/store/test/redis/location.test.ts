import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { FairleadError } from "@fairlead/core";
import { openStore } from "@fairlead/store";
import { isLocal, parseRedisUrl, type RedisLocation } from "../../src/redis/location.ts";

const plain: RedisLocation = {
  url: "",
  route: { type: "server", server: { host: "h", port: 6379 } },
  tls: false,
  username: undefined,
  password: undefined,
  database: 0,
  prefix: "fairlead",
  view: 200_000,
};

describe("parseRedisUrl", () => {
  const accepted: readonly [string, Partial<RedisLocation>][] = [
    ["redis://h", {}],
    ["REDIS://h", {}],
    ["redis://h/", {}],
    ["redis://h:7/3", { route: { type: "server", server: { host: "h", port: 7 } }, database: 3 }],
    ["redis://[::1]:7", { route: { type: "server", server: { host: "::1", port: 7 } } }],
    ["rediss://h?prefix=a:b&view=10", { tls: true, prefix: "a:b", view: 10 }],
    ["redis://user:pass%40word@h", { url: "redis://h", username: "user", password: "pass@word" }],
    ["redis://:word@h", { url: "redis://h", password: "word" }],
    ["redis://user@h", { url: "redis://h", username: "user" }],
    ["redis+unix:///a%20b?database=2", { route: { type: "socket", path: "/a b" }, database: 2 }],
    [
      "redis+unix://u:p@/a",
      { url: "redis+unix:///a", route: { type: "socket", path: "/a" }, username: "u", password: "p" },
    ],
    [
      "rediss+cluster://a:1,b",
      {
        tls: true,
        route: {
          type: "cluster",
          servers: [
            { host: "a", port: 1 },
            { host: "b", port: 6379 },
          ],
        },
      },
    ],
    [
      "redis+sentinel://a,[::1]:2/my%20master/4",
      {
        route: {
          type: "sentinel",
          servers: [
            { host: "a", port: 26379 },
            { host: "::1", port: 2 },
          ],
          master: "my master",
        },
        database: 4,
      },
    ],
  ];
  for (const [url, expected] of accepted) {
    it(`reads ${url}`, () => {
      assert.deepEqual(parseRedisUrl(url), { ...plain, url, ...expected });
    });
  }

  for (const url of [
    "redis:h",
    "redis://",
    "redis:///0",
    "redis://a,b",
    "redis://h:0",
    "redis://h:65536",
    "redis://h:x",
    "redis://[h]",
    "redis://::1",
    "redis://h/x",
    "redis://h/-1",
    "redis://h/1/2",
    "redis://h/1?database=1",
    "redis://h?prefix=",
    "redis://h?prefix={a}",
    "redis://h?view=0",
    "redis://h?unknown=1",
    "redis://h?prefix=%",
    "redis://h#x",
    "redis+unix://h/a",
    "redis+unix://",
    "rediss+unix:///a",
    "redis+cluster://a/1",
    "redis+sentinel://a",
    "redis+sentinel://a/m/x",
    "redis+other://a",
    "redis://u:%zz@h",
    "redis://u:a/b@h",
  ]) {
    it(`refuses ${url}`, () => {
      assert.throws(() => parseRedisUrl(url), { name: "StoreError", code: "STORE_URL_INVALID" });
    });
  }

  it("returns or throws STORE_URL_INVALID, whatever it is given, and never tells a password", () => {
    const kind = fc.constantFrom(
      "redis://",
      "rediss://",
      "redis+unix://",
      "redis+cluster://",
      "redis+sentinel://",
      "redis:",
    );
    const secret = "s3cr3t-Word";
    const url = fc
      .tuple(
        kind,
        fc.string(),
        fc.constantFrom(`:${secret}@`, `u:${secret}/x@`, `u:@${secret}@`),
        fc.constantFrom("h", "h:1", "a,b", "[::1]", ""),
        fc.string(),
      )
      .map(([scheme, before, user, host, after]) => `${scheme}${before}${user}${host}${after}`);
    fc.assert(
      fc.property(url, (text) => {
        try {
          assert.ok(!parseRedisUrl(text).url.includes(secret));
        } catch (error) {
          assert.ok(error instanceof FairleadError && error.code === "STORE_URL_INVALID");
          assert.ok(!error.message.includes(secret), error.message);
        }
      }),
    );
  });
});

describe("a connection that anybody on the way could read", () => {
  for (const [url, local] of [
    ["redis://localhost", true],
    ["redis://a.LOCALHOST", true],
    ["redis://127.9.9.9", true],
    ["redis://[::1]", true],
    ["redis+unix:///a", true],
    ["redis+cluster://localhost,127.0.0.1", true],
    ["redis+cluster://localhost,a.example", false],
    ["redis://127.example", false],
    ["redis://localhost.example", false],
    ["redis://10.0.0.1", false],
  ] as const) {
    it(`${local ? "is not" : "is"} one to ${url}`, async () => {
      assert.equal(isLocal(parseRedisUrl(url).route), local);
      if (local) return;
      await assert.rejects(openStore(url.replace("//", "//user:word@")), (error: unknown) => {
        assert.ok(error instanceof FairleadError && error.code === "STORE_OPEN_FAILED");
        assert.match(error.message, /not encrypted/);
        assert.match(error.remedy, /rediss:/);
        assert.doesNotMatch(error.message, /word/);
        return true;
      });
    });
  }
});
