import { decodeAlternative, encodeAlternative, learnAltSvc, parseAltSvc } from "@fairlead/http/alt-svc";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";

const day = 86_400;

const accepted: [
  fieldValues: string[],
  protocol: string,
  host: string,
  port: number,
  maxAge: number,
  persist: boolean,
][] = [
  [['h2=":8000"'], "h2", "", 8000, day, false],
  [['h2="alt.example.com:443"; ma=60'], "h2", "alt.example.com", 443, 60, false],
  [['h2=":443";ma=60;persist=1'], "h2", "", 443, 60, true],
  [['h2=":443"; persist=2'], "h2", "", 443, day, false],
  [['h2=":443"; ma="60"'], "h2", "", 443, 60, false],
  [['h2=":443"; MA=60; unknown=x; other="a;b,c\\""'], "h2", "", 443, 60, false],
  [['w%3Dx%3Ay="n.example:80"'], "w=x:y", "n.example", 80, day, false],
  [['h2="[2001:db8::1]:443"'], "h2", "2001:db8::1", 443, day, false],
  [['h2="ALT.example:443"'], "h2", "alt.example", 443, day, false],
  [['h2=":443"; ma=999999999999999'], "h2", "", 443, 2 ** 31, false],
  [[", ,", 'h2="\\:443"', ","], "h2", "", 443, day, false],
];

for (const [fieldValues, protocol, host, port, maxAge, persist] of accepted) {
  test(`RFC 7838 3 accepts ${JSON.stringify(fieldValues)}`, () => {
    assert.deepEqual(parseAltSvc(fieldValues), {
      type: "alternatives",
      alternatives: [{ protocol, host, port, maxAge, persist }],
    });
  });
}

test("RFC 7838 3: several, over several lines, in their order", () => {
  const field = parseAltSvc(['h3=":443"; ma=1, h2="a.example:1" , h2=":2"', 'h2=":3"']);
  assert.deepEqual(field?.type === "alternatives" && field.alternatives.map(({ protocol, port }) => [protocol, port]), [
    ["h3", 443],
    ["h2", 1],
    ["h2", 2],
    ["h2", 3],
  ]);
});

test("RFC 7838 3: clear stands alone and in lower case", () => {
  assert.deepEqual(parseAltSvc([" clear "]), { type: "clear" });
  for (const other of ["CLEAR", "clear, clear", 'clear, h2=":1"']) assert.equal(parseAltSvc([other]), undefined);
});

const refused = [
  "",
  ",",
  "h2",
  "h2=:443",
  'h2=":0"',
  'h2=":65536"',
  'h2="443"',
  'h2="a b:443"',
  'h2="user@a.example:443"',
  'h2="a.example/x:443"',
  'h2=":443" ma=1',
  'h2=":443"; ma=-1',
  'h2=":443"; ma=1.5',
  'h2=":443", nonsense',
  'h2=":443"; ma="1',
  '%zz=":443"',
];

for (const fieldValue of refused) {
  test(`is nothing: ${JSON.stringify(fieldValue)}`, () => {
    assert.equal(parseAltSvc([fieldValue]), undefined);
  });
}

const from = { hostname: "a.example", port: 443, secure: true, ageSeconds: 0 };

test("the first h2 alternative elsewhere is remembered, less its age", () => {
  const fieldValues = ['h3=":443", h2=":443", h2="a.example:443", h2=":8443"; ma=100; persist=1, h2="b.example:1"'];
  assert.deepEqual(learnAltSvc({ ...from, fieldValues, ageSeconds: 40 }), {
    type: "remember",
    alternative: { host: "a.example", port: 8443, persist: true },
    maxAge: 60,
  });
});

test("a field without a usable alternative takes the place of what is known; a broken one does not", () => {
  for (const fieldValue of ["clear", 'h3=":1"', 'h2=":443"', 'h2=":1"; ma=0']) {
    assert.deepEqual(learnAltSvc({ ...from, fieldValues: [fieldValue] }), { type: "forget" }, fieldValue);
  }
  assert.deepEqual(learnAltSvc({ ...from, fieldValues: ['h2=":1"; ma=9'], ageSeconds: 9 }), { type: "forget" });
  assert.deepEqual(learnAltSvc({ ...from, fieldValues: ["nonsense"] }), { type: "ignore" });
});

test("RFC 7838 9.2: nothing is learned where the certificate was not verified", () => {
  assert.deepEqual(learnAltSvc({ ...from, secure: false, fieldValues: ['h2=":1"'] }), { type: "ignore" });
  assert.deepEqual(learnAltSvc({ ...from, secure: false, fieldValues: ["clear"] }), { type: "ignore" });
});

test("whatever arrives, it returns", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('h2=":443"', "clear", ";", ",", '"', "\\", "ma=1", "%", "[::1]:1"),
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.array(piece).map((pieces) => pieces.join("")),
        { maxLength: 3 },
      ),
      (fieldValues) => {
        const field = parseAltSvc(fieldValues);
        for (const each of field?.type === "alternatives" ? field.alternatives : []) {
          assert.ok(each.port > 0 && each.port < 65_536 && each.maxAge >= 0);
          assert.ok(!/[\s@/"\\]/.test(each.host));
        }
      },
    ),
  );
});

test("an entry is read as it was written, and anything else is none", () => {
  const alternative = { host: "a.example", port: 1, persist: true };
  assert.deepEqual(decodeAlternative(encodeAlternative(alternative)), alternative);
  const texts = ["", "null", "{}", '{"host":"","port":1,"persist":true}', '{"host":"a","port":0,"persist":true}'];
  for (const text of texts) {
    assert.equal(decodeAlternative(new TextEncoder().encode(text)), undefined, text);
  }
});
