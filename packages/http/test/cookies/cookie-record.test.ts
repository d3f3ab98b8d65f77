import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Cookie, CookieJar, cookieKey, decodeCookie, encodeCookie } from "../../src/cookies/index.ts";
import { plausibleFields, setCookieFields, urls } from "./arbitraries.ts";

const cookie: Cookie = {
  name: "sid",
  value: "\u00e9 b",
  domain: "example.com",
  path: "/a",
  hostOnly: false,
  secureOnly: true,
  httpOnly: true,
  sameSite: "Strict",
  creationTime: 1,
  expiryTime: 3,
  lastAccessTime: 2,
};

const stored: fc.Arbitrary<Cookie[]> = fc
  .array(fc.tuple(fc.oneof(plausibleFields, setCookieFields), urls), { maxLength: 8 })
  .map((steps) => {
    const jar = new CookieJar();
    for (const [fieldValue, url] of steps) jar.setCookie(fieldValue, { url }, 1000);
    return Array.from(jar.entries(), ([, cookie]) => cookie);
  });

describe("encodeCookie and decodeCookie", () => {
  it("give every cookie that a jar can hold back as it was", () => {
    fc.assert(
      fc.property(stored, (cookies) => {
        for (const cookie of cookies) assert.deepEqual(decodeCookie(encodeCookie(cookie)), cookie);
      }),
      { numRuns: 1000 },
    );
  });

  it("write one line, without what is by default", () => {
    const plain = {
      ...cookie,
      secureOnly: false,
      httpOnly: false,
      sameSite: "Default",
      expiryTime: undefined,
    } as const;
    assert.equal(
      encodeCookie(plain),
      '{"name":"sid","value":"é b","domain":"example.com","path":"/a","creationTime":1,"lastAccessTime":2}',
    );
  });

  const broken: readonly [object, string][] = [
    [{ name: undefined }, "no name"],
    [{ name: 1 }, "a name that is no string"],
    [{ name: "a=b" }, "a name with an equals sign"],
    [{ name: "a;b" }, "a name with a semicolon"],
    [{ name: " a" }, "a name with white space around"],
    [{ name: "a\n" }, "a name with a control character"],
    [{ value: "a;b" }, "a value with a semicolon"],
    [{ value: "a\r\nb" }, "a value that would split a header"],
    [{ value: "\u0100" }, "a value that is not octets"],
    [{ value: "x".repeat(4094) }, "a value over the limit"],
    [{ name: "", value: "" }, "neither name nor value"],
    [{ domain: "" }, "an empty domain"],
    [{ domain: "Example.com" }, "a domain in upper case"],
    [{ domain: "b\u00fccher.example" }, "a domain with a U-label"],
    [{ domain: "example.com/a" }, "a domain with a path"],
    [{ domain: "user@example.com" }, "a domain with user information"],
    [{ domain: "example.com:80" }, "a domain with a port"],
    [{ path: "a" }, "a path without slash"],
    [{ path: "/\0" }, "a path with a control character"],
    [{ hostOnly: 1 }, "a flag that is no boolean"],
    [{ secureOnly: "true" }, "a flag that is a string"],
    [{ httpOnly: null }, "a flag that is null"],
    [{ sameSite: "strict" }, "a SameSite that is not known"],
    [{ sameSite: "None", secureOnly: false }, "SameSite=None without Secure (5.7 step 19)"],
    [{ name: "__Host-a" }, "a prefix that is not kept (5.7 step 21)"],
    [{ creationTime: undefined }, "no creation time"],
    [{ lastAccessTime: "2" }, "a time that is a string"],
    [{ expiryTime: null }, "an expiry time that is null"],
  ];
  for (const [fields, what] of broken) {
    it(`refuse ${what}`, () => {
      assert.notEqual(decodeCookie(JSON.stringify(cookie)), undefined);
      assert.equal(decodeCookie(JSON.stringify({ ...cookie, ...fields })), undefined);
    });
  }

  it("never throw, and let through only what they would write, whatever arrives", () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      stored.chain((cookies) => fc.constantFrom(...cookies.map(encodeCookie), "")).chain((line) => mutated(line)),
    );
    fc.assert(
      fc.property(line, (line) => {
        const decoded = decodeCookie(line);
        if (decoded === undefined) return;
        assert.deepEqual(decodeCookie(encodeCookie(decoded)), decoded);
        assert.match(decoded.name + decoded.value + decoded.path, /^[\t\x20-\x7e\x80-\xff]*$/);
      }),
      { numRuns: 1000 },
    );
  });
});

function mutated(line: string): fc.Arbitrary<string> {
  return fc.tuple(fc.nat(line.length), fc.nat(3), fc.string({ maxLength: 3 })).map(([at, gone, put]) => {
    return line.slice(0, at) + put + line.slice(at + gone);
  });
}

describe("cookieKey (6265bis 5.7 step 23)", () => {
  it("differs wherever name, domain, host-only-flag or path differ", () => {
    const keys = [
      cookie,
      { ...cookie, name: "SID" },
      { ...cookie, domain: "www.example.com" },
      { ...cookie, hostOnly: true },
      { ...cookie, path: "/a/" },
      { ...cookie, name: "", path: "/sid;/a" },
    ].map(cookieKey);
    assert.equal(new Set(keys).size, keys.length);
  });
  it("does not depend on anything else", () => {
    const other = { ...cookie, value: "x", secureOnly: false, httpOnly: false, creationTime: 9, expiryTime: undefined };
    assert.equal(cookieKey(other), cookieKey(cookie));
  });
});
