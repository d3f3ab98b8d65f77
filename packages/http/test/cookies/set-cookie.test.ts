import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseSetCookie, type SetCookie } from "../../src/cookies/index.ts";
import { setCookieFields } from "./arbitraries.ts";

const plain: SetCookie = {
  name: "a",
  value: "b",
  maxAge: undefined,
  expires: undefined,
  domain: "",
  path: undefined,
  secure: false,
  httpOnly: false,
  sameSite: "Default",
};

const long = (length: number): string => "x".repeat(length);
const newYear = Date.UTC(2030, 0, 1);

const accepted: readonly [string, Partial<SetCookie>, string][] = [
  ["a=b", {}, "5.6: a pair"],
  ["a=b;", {}, "5.6: an empty attribute"],
  ["a=b;;;; ;=;", {}, "5.6: nothing but empty attributes"],
  [" \ta \t=\t b \t; Secure", { secure: true }, "5.6 step 4: white space around goes"],
  ["a b=c\td e", { name: "a b", value: "c\td e" }, "5.6 step 4: white space within stays"],
  ["a=\u00a0b\u00a0", { value: "\u00a0b\u00a0" }, "5.6 step 4: only spaces and tabs are white space"],
  ["a==b=c", { value: "=b=c" }, "5.6 step 3: the first equals sign divides"],
  ['a="b"', { value: '"b"' }, "5.6: quotation marks belong to the value"],
  ["a=%3Bb", { value: "%3Bb" }, "5.6: nothing is decoded"],
  ["a=b,c=d", { value: "b,c=d" }, "5.6: a comma does not divide"],
  ["a=\u00e9", { value: "\u00e9" }, "5.6: octets above ASCII are kept"],
  ["a=", { value: "" }, "5.6 step 3: an empty value"],
  ["=b", { name: "", value: "b" }, "5.6 step 3: an empty name"],
  ["b", { name: "", value: "b" }, "5.6 step 3: no equals sign, so no name"],
  ["=b=c", { name: "", value: "b=c" }, "5.6 step 3: the first equals sign divides a nameless cookie too"],
  ["", { name: "", value: "" }, "5.6: nothing at all (5.7 step 2 ignores it)"],
  [`a=${long(4095)}`, { value: long(4095) }, "5.6 step 5: 4096 octets of name and value"],
  [`${long(4096)}=`, { name: long(4096), value: "" }, "5.6 step 5: 4096 octets of name"],
  [`a=b; ${long(9999)}; Secure`, { secure: true }, "5.6 step 5: attributes do not count"],
  [`a= ${long(4095)} `, { value: long(4095) }, "5.6 step 5: white space around does not count"],
  ["a=b; Secure=no; HttpOnly=no", { secure: true, httpOnly: true }, "5.6.5 and 5.6.6: values do not count"],
  ["a=b; sEcUrE; HTTPONLY", { secure: true, httpOnly: true }, "5.6: attribute names in any case"],
  ["a=b; \tSecure\t; Path\t=\t/c\t", { secure: true, path: "/c" }, "5.6 step 5: white space around attributes goes"],
  ["a=b; Secured; Path2=/c; Foo=bar", {}, "5.6 step 7: unknown attributes are skipped"],
  ["a=b; Expires=Tue, 01 Jan 2030 00:00:00 GMT", { expires: newYear }, "5.6.1: a date"],
  ["a=b; Expires=soon", {}, "5.6.1 step 2: no date"],
  ["a=b; Expires=Tue, 01 Jan 2030 00:00:00 GMT; Expires=soon", { expires: newYear }, "5.6.1: the last valid date"],
  ["a=b; Max-Age=10", { maxAge: 10 }, "5.6.2: seconds"],
  ["a=b; Max-Age=-1", { maxAge: -1 }, "5.6.2: a negative number"],
  ["a=b; Max-Age=010", { maxAge: 10 }, "5.6.2: base 10"],
  ["a=b; Max-Age=", {}, "5.6.2 step 1: empty"],
  ["a=b; Max-Age=-", {}, "5.6.2 step 2: a minus sign alone"],
  ["a=b; Max-Age=+1", {}, "5.6.2 step 2: a plus sign"],
  ["a=b; Max-Age=1.5", {}, "5.6.2 step 3: not only digits"],
  ["a=b; Max-Age=1e3", {}, "5.6.2 step 3: not only digits"],
  ['a=b; Max-Age="10"', {}, "5.6.2 step 2: quotation marks"],
  ["a=b; Max-Age=5; Max-Age=6; Max-Age=x", { maxAge: 6 }, "5.6.2: the last valid number"],
  [`a=b; Max-Age=${"9".repeat(400)}`, { maxAge: Infinity }, "5.6.2: more than a number holds"],
  ["a=b; Domain=Example.COM", { domain: "example.com" }, "5.6.3 step 3: lower case"],
  ["a=b; Domain=.example.com", { domain: "example.com" }, "5.6.3 step 2: a leading dot"],
  ["a=b; Domain=..example.com", { domain: ".example.com" }, "5.6.3 step 2: one leading dot"],
  ["a=b; Domain=x; Domain=", { domain: "" }, "5.7 step 7: the last domain, even an empty one"],
  ["a=b; Domain", { domain: "" }, "5.6.3: no value"],
  ["a=b; Path=/c/d", { path: "/c/d" }, "5.6.4: a path"],
  ["a=b; Path=c", { path: "" }, "5.6.4 step 1: no slash first"],
  ["a=b; Path=", { path: "" }, "5.6.4 step 1: empty"],
  ["a=b; Path=/c; Path=d", { path: "" }, "5.7 step 11: the last path, even one that means the default"],
  ["a=b; Path=/c=d", { path: "/c=d" }, "5.6 step 4: the first equals sign divides an attribute"],
  [`a=b; Path=/${long(1023)}`, { path: `/${long(1023)}` }, "5.6 step 6: 1024 octets"],
  [`a=b; Path=/c; Path=/${long(1024)}`, { path: "/c" }, "5.6 step 6: 1025 octets are skipped"],
  [`a=b; Domain=x; Domain=${long(1025)}`, { domain: "x" }, "5.6 step 6: 1025 octets are skipped"],
  [`a=b; Secure=${long(1025)}`, {}, "5.6 step 6: 1025 octets are skipped, of any attribute"],
  ["a=b; SameSite=Strict", { sameSite: "Strict" }, "5.6.7: Strict"],
  ["a=b; SameSite=lax", { sameSite: "Lax" }, "5.6.7: Lax, in any case"],
  ["a=b; samesite=NONE", { sameSite: "None" }, "5.6.7: None, in any case"],
  ["a=b; SameSite", {}, "5.6.7 step 1: no value"],
  ["a=b; SameSite=Strict; SameSite=other", {}, "5.7 step 17: the last counts, an unknown value included"],
];

const refused: readonly [string, string, string][] = [
  ["a=b\0", "control-character", "5.6 step 1: NUL"],
  ["a=b\nc", "control-character", "5.6 step 1: a line feed"],
  ["a=b\r", "control-character", "5.6 step 1: a carriage return, even at the end"],
  ["\x1fa=b", "control-character", "5.6 step 1: US"],
  ["a\x7f=b", "control-character", "5.6 step 1: DEL"],
  ["a=b; Path=/\x01", "control-character", "5.6 step 1: in an attribute"],
  ["a=b; \x08", "control-character", "5.6 step 1: in an attribute's name"],
  ["a=\u0100", "not-octets", "a character that is no octet"],
  ["a=b; Path=/\ud83c", "not-octets", "half a character, in an attribute"],
  [`a=${long(4096)}`, "too-long", "5.6 step 5: 4097 octets"],
  [`${long(2048)}=${long(2049)}`, "too-long", "5.6 step 5: 4097 octets together"],
  [long(4097), "too-long", "5.6 step 5: 4097 octets without a name"],
];

const brief = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

describe("parseSetCookie (6265bis 5.6)", () => {
  for (const [fieldValue, expected, what] of accepted) {
    it(`reads ${brief(fieldValue)} — ${what}`, () => {
      assert.deepEqual(parseSetCookie(fieldValue), { type: "cookie", cookie: { ...plain, ...expected } });
    });
  }
  for (const [fieldValue, reason, what] of refused) {
    it(`ignores ${brief(fieldValue)} — ${what}`, () => {
      assert.deepEqual(parseSetCookie(fieldValue), { type: "ignore", reason });
    });
  }

  it("never throws, and never lets through control characters or more than the limits, whatever arrives", () => {
    fc.assert(
      fc.property(setCookieFields, (fieldValue) => {
        const parsed = parseSetCookie(fieldValue);
        if (parsed.type === "ignore") return;
        const { name, value, domain, path = "" } = parsed.cookie;
        assert.match(name + value + domain + path, /^[\t\x20-\x7e\x80-\xff]*$/);
        assert.ok(name.length + value.length <= 4096 && domain.length <= 1024 && path.length <= 1024);
        assert.ok(!/[;=]/.test(name) && !value.includes(";"));
        assert.ok(path === "" || path.startsWith("/"));
      }),
      { numRuns: 2000 },
    );
  });
});
