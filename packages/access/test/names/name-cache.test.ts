import { NameCache } from "../../src/names/name-cache.ts";
import type { ResolvedName } from "../../src/names/options.ts";
import assert from "node:assert/strict";
import { promisify } from "node:util";
import type { LookupFunction } from "node:net";
import { test } from "node:test";

/** A cache by a clock that stands, and what it asked. */
function cache(answer: (host: string) => Promise<ResolvedName>): {
  readonly names: NameCache;
  readonly asked: string[];
  readonly clock: { milliseconds: number };
} {
  const asked: string[] = [];
  const clock = { milliseconds: 1_000_000 };
  const resolve = (host: string): Promise<ResolvedName> => {
    asked.push(host);
    return answer(host);
  };
  return { names: new NameCache({ resolve }, () => clock.milliseconds), asked, clock };
}

const found = (ttlSeconds?: number) => (): Promise<ResolvedName> =>
  Promise.resolve({ addresses: ["192.0.2.1"], ttlSeconds });
const refused = (code: string) => (): Promise<ResolvedName> => Promise.reject(Object.assign(new Error(code), { code }));

const lifetimes: [what: string, answer: () => Promise<ResolvedName>, seconds: number][] = [
  ["with a TTL", found(30), 30],
  ["with a TTL of 0", found(0), 0],
  ["with a TTL beyond an hour", found(1e9), 3_600],
  ["that does not say", found(), 10],
  ["without addresses", () => Promise.resolve({ addresses: [], ttlSeconds: 900 }), 2],
  ["that there is no such name", refused("ENOTFOUND"), 2],
  ["that no server answers", refused("EAI_AGAIN"), 0],
];

for (const [what, answer, seconds] of lifetimes) {
  test(`an answer ${what} is good for ${String(seconds)} s`, async () => {
    const { names, asked, clock } = cache(answer);
    const find = (): Promise<unknown> => names.find("a.example", "").catch((error: unknown) => error);
    await find();
    if (seconds > 0) {
      clock.milliseconds += seconds * 1_000 - 1;
      await find();
      assert.equal(asked.length, 1);
      clock.milliseconds += 1;
    }
    await find();
    assert.equal(asked.length, 2);
  });
}

test("concurrent questions for one name are one, and those of another partition another", async () => {
  const { names, asked } = cache(found(30));
  await Promise.all([names.find("a.example", ""), names.find("a.example", ""), names.find("b.example", "")]);
  assert.deepEqual(asked, ["a.example", "b.example"]);
  await names.find("a.example", "https://site.example");
  assert.deepEqual(asked, ["a.example", "b.example", "a.example"]);
});

test("a resolver that forgets a question is asked again", () => {
  const { names, asked, clock } = cache(() => new Promise(() => undefined));
  void names.find("a.example", "");
  clock.milliseconds += 4_999;
  void names.find("a.example", "");
  assert.equal(asked.length, 1);
  clock.milliseconds += 1;
  void names.find("a.example", "");
  assert.equal(asked.length, 2);
});

test("what led nowhere is forgotten, and of too many names the oldest", async () => {
  const { names, asked } = cache(found(30));
  await names.find("a.example", "");
  names.forget("a.example", "");
  await names.find("a.example", "");
  assert.equal(asked.length, 2);
  for (let count = 0; count < 1_000; count += 1) await names.find(`${String(count)}.example`, "");
  await names.find("1.example", "");
  assert.equal(asked.length, 1_002);
  await names.find("a.example", "");
  assert.equal(asked.length, 1_003);
});

test("a lookup of the application's may answer with one address or all", async () => {
  for (const lookup of [
    (_host, _options, callback) => {
      callback(null, "2001:db8::1", 6);
    },
    (_host, _options, callback) => {
      callback(null, [{ address: "2001:db8::1", family: 6 }]);
    },
  ] satisfies LookupFunction[]) {
    const names = new NameCache({ lookup }, Date.now);
    const look = promisify(names.lookupIn("")) as unknown as (host: string, options: object) => Promise<unknown>;
    assert.deepEqual(await look("a.example", {}), [{ address: "2001:db8::1", family: 6 }]);
  }
});
