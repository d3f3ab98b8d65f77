import { parseStrictTransportSecurity } from "@fairlead/http/hsts";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";

const accepted: [fieldValue: string, maxAge: number, includeSubDomains: boolean][] = [
  ["max-age=31536000", 31536000, false],
  ["max-age=15768000 ; includeSubDomains", 15768000, true],
  ['max-age="31536000"', 31536000, false],
  ["max-age=0", 0, false],
  ["max-age=0; includeSubDomains", 0, true],
  ["MAX-AGE=1;INCLUDESUBDOMAINS", 1, true],
  ["includeSubDomains; max-age=7", 7, true],
  [";; max-age=7 ;;", 7, false],
  ["max-age = 7", 7, false],
  ["\tmax-age=7\t;\tincludeSubDomains\t", 7, true],
  ["max-age=7; preload", 7, false],
  ['max-age=7; report-uri="http://example.com/;a=b"; includeSubDomains', 7, true],
  ['max-age=7; unknown="a \\" quoted"', 7, false],
  ["max-age=0007", 7, false],
  ["max-age=99999999999999999999999999", 2 ** 31, false],
  ['max-age="\\31"', 31, false],
];

const refused: [fieldValue: string, why: string][] = [
  ["", "max-age is required"],
  ["includeSubDomains", "max-age is required"],
  ["max-age", "max-age needs a value"],
  ["max-age=", "max-age needs a value"],
  ["max-age=abc", "not digits"],
  ["max-age=-1", "not digits"],
  ["max-age=1.5", "not digits"],
  ["max-age=0x10", "not digits"],
  ['max-age=""', "not digits"],
  ['max-age="1 "', "not digits"],
  ["max-age=1; max-age=1", "repeated"],
  ["max-age=1; Max-Age=2", "repeated, whatever the case"],
  ["max-age=1; includeSubDomains; includeSubDomains", "repeated"],
  ["max-age=1; preload; preload", "repeated, even if unknown"],
  ["max-age=1; includeSubDomains=true", "includeSubDomains takes no value"],
  ["max-age=1; includeSubDomains=x", "includeSubDomains takes no value"],
  ['max-age=1; includeSubDomains=""', "includeSubDomains takes no value"],
  ["max-age=1 includeSubDomains", "no semicolon"],
  ["max-age=1, max-age=2", "comma"],
  ["max-age=1; un known", "space in a name"],
  ['max-age=1; a="unfinished', "quoted string without end"],
  ["max-age=1; =x", "no name"],
  ["max-age=1; a=b=c", "equals sign in a token"],
  ["max-age=1; ünknown", "not a token"],
  ["max-age=1\u00a0", "no-break space is no white space"],
  ["max-age=1\u0000", "control character"],
];

for (const [fieldValue, maxAge, includeSubDomains] of accepted) {
  test(`RFC 6797 6.1 accepts ${JSON.stringify(fieldValue)}`, () => {
    assert.deepEqual(parseStrictTransportSecurity(fieldValue), { maxAge, includeSubDomains });
  });
}

for (const [fieldValue, why] of refused) {
  test(`RFC 6797 6.1 voids ${JSON.stringify(fieldValue)}: ${why}`, () => {
    assert.equal(parseStrictTransportSecurity(fieldValue), undefined);
  });
}

test("whatever arrives, the parser returns nothing or a max-age from 0 to 2^31", () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom("max-age", "=", ";", '"', "\\", "includeSubDomains", " ", "1", "max-age=1", "preload"),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const parsed = parseStrictTransportSecurity(parts.join(""));
      assert.ok(parsed === undefined || (parsed.maxAge >= 0 && parsed.maxAge <= 2 ** 31));
    }),
  );
});

test("a hostile field takes time in proportion to its length", () => {
  for (const unit of [" ", ";", '"\\', "a=", 'a="']) {
    assert.equal(parseStrictTransportSecurity(unit.repeat(100_000)), undefined);
  }
});
