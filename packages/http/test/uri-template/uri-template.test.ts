import { expandUriTemplate, parseUriTemplate, type TemplateValues } from "@fairlead/http/uri-template";
import { UsageError } from "@fairlead/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";

/** RFC 6570 section 3.2, and those of section 1.2. */
const values: TemplateValues = {
  count: ["one", "two", "three"],
  dom: ["example", "com"],
  dub: "me/too",
  hello: "Hello World!",
  half: "50%",
  var: "value",
  who: "fred",
  base: "http://example.com/home/",
  path: "/foo/bar",
  list: ["red", "green", "blue"],
  keys: { semi: ";", dot: ".", comma: "," },
  v: "6",
  x: "1024",
  y: "768",
  empty: "",
  empty_keys: {},
  undef: null,
};

const examples: readonly (readonly [template: string, expanded: string])[] = [
  // 3.2.1
  ["{count}", "one,two,three"],
  ["{count*}", "one,two,three"],
  ["{/count}", "/one,two,three"],
  ["{/count*}", "/one/two/three"],
  ["{;count}", ";count=one,two,three"],
  ["{;count*}", ";count=one;count=two;count=three"],
  ["{?count}", "?count=one,two,three"],
  ["{?count*}", "?count=one&count=two&count=three"],
  ["{&count*}", "&count=one&count=two&count=three"],
  // 3.2.2
  ["{var}", "value"],
  ["{hello}", "Hello%20World%21"],
  ["{half}", "50%25"],
  ["O{empty}X", "OX"],
  ["O{undef}X", "OX"],
  ["{x,y}", "1024,768"],
  ["{x,hello,y}", "1024,Hello%20World%21,768"],
  ["?{x,empty}", "?1024,"],
  ["?{x,undef}", "?1024"],
  ["?{undef,y}", "?768"],
  ["{var:3}", "val"],
  ["{var:30}", "value"],
  ["{list}", "red,green,blue"],
  ["{list*}", "red,green,blue"],
  // The standard says that the order of an association is the implementation's; here it is the object's own.
  ["{keys}", "semi,%3B,dot,.,comma,%2C"],
  ["{keys*}", "semi=%3B,dot=.,comma=%2C"],
  // 3.2.3
  ["{+var}", "value"],
  ["{+hello}", "Hello%20World!"],
  ["{+half}", "50%25"],
  ["{base}index", "http%3A%2F%2Fexample.com%2Fhome%2Findex"],
  ["{+base}index", "http://example.com/home/index"],
  ["O{+empty}X", "OX"],
  ["O{+undef}X", "OX"],
  ["{+path}/here", "/foo/bar/here"],
  ["here?ref={+path}", "here?ref=/foo/bar"],
  ["up{+path}{var}/here", "up/foo/barvalue/here"],
  ["{+x,hello,y}", "1024,Hello%20World!,768"],
  ["{+path,x}/here", "/foo/bar,1024/here"],
  ["{+path:6}/here", "/foo/b/here"],
  ["{+list}", "red,green,blue"],
  ["{+list*}", "red,green,blue"],
  ["{+keys}", "semi,;,dot,.,comma,,"],
  ["{+keys*}", "semi=;,dot=.,comma=,"],
  // 3.2.4
  ["{#var}", "#value"],
  ["{#hello}", "#Hello%20World!"],
  ["{#half}", "#50%25"],
  ["foo{#empty}", "foo#"],
  ["foo{#undef}", "foo"],
  ["{#x,hello,y}", "#1024,Hello%20World!,768"],
  ["{#path,x}/here", "#/foo/bar,1024/here"],
  ["{#path:6}/here", "#/foo/b/here"],
  ["{#list}", "#red,green,blue"],
  ["{#list*}", "#red,green,blue"],
  ["{#keys}", "#semi,;,dot,.,comma,,"],
  ["{#keys*}", "#semi=;,dot=.,comma=,"],
  // 3.2.5
  ["{.who}", ".fred"],
  ["{.who,who}", ".fred.fred"],
  ["{.half,who}", ".50%25.fred"],
  ["www{.dom*}", "www.example.com"],
  ["X{.var}", "X.value"],
  ["X{.empty}", "X."],
  ["X{.undef}", "X"],
  ["X{.var:3}", "X.val"],
  ["X{.list}", "X.red,green,blue"],
  ["X{.list*}", "X.red.green.blue"],
  ["X{.keys}", "X.semi,%3B,dot,.,comma,%2C"],
  ["X{.keys*}", "X.semi=%3B.dot=..comma=%2C"],
  ["X{.empty_keys}", "X"],
  ["X{.empty_keys*}", "X"],
  // 3.2.6
  ["{/who}", "/fred"],
  ["{/who,who}", "/fred/fred"],
  ["{/half,who}", "/50%25/fred"],
  ["{/who,dub}", "/fred/me%2Ftoo"],
  ["{/var}", "/value"],
  ["{/var,empty}", "/value/"],
  ["{/var,undef}", "/value"],
  ["{/var,x}/here", "/value/1024/here"],
  ["{/var:1,var}", "/v/value"],
  ["{/list}", "/red,green,blue"],
  ["{/list*}", "/red/green/blue"],
  ["{/list*,path:4}", "/red/green/blue/%2Ffoo"],
  ["{/keys}", "/semi,%3B,dot,.,comma,%2C"],
  ["{/keys*}", "/semi=%3B/dot=./comma=%2C"],
  // 3.2.7
  ["{;who}", ";who=fred"],
  ["{;half}", ";half=50%25"],
  ["{;empty}", ";empty"],
  ["{;v,empty,who}", ";v=6;empty;who=fred"],
  ["{;v,bar,who}", ";v=6;who=fred"],
  ["{;x,y}", ";x=1024;y=768"],
  ["{;x,y,empty}", ";x=1024;y=768;empty"],
  ["{;x,y,undef}", ";x=1024;y=768"],
  ["{;hello:5}", ";hello=Hello"],
  ["{;list}", ";list=red,green,blue"],
  ["{;list*}", ";list=red;list=green;list=blue"],
  ["{;keys}", ";keys=semi,%3B,dot,.,comma,%2C"],
  ["{;keys*}", ";semi=%3B;dot=.;comma=%2C"],
  // 3.2.8
  ["{?who}", "?who=fred"],
  ["{?half}", "?half=50%25"],
  ["{?x,y}", "?x=1024&y=768"],
  ["{?x,y,empty}", "?x=1024&y=768&empty="],
  ["{?x,y,undef}", "?x=1024&y=768"],
  ["{?var:3}", "?var=val"],
  ["{?list}", "?list=red,green,blue"],
  ["{?list*}", "?list=red&list=green&list=blue"],
  ["{?keys}", "?keys=semi,%3B,dot,.,comma,%2C"],
  ["{?keys*}", "?semi=%3B&dot=.&comma=%2C"],
  // 3.2.9
  ["{&who}", "&who=fred"],
  ["{&half}", "&half=50%25"],
  ["?fixed=yes{&x}", "?fixed=yes&x=1024"],
  ["{&x,y,empty}", "&x=1024&y=768&empty="],
  ["{&x,y,undef}", "&x=1024&y=768"],
  ["{&var:3}", "&var=val"],
  ["{&list}", "&list=red,green,blue"],
  ["{&list*}", "&list=red&list=green&list=blue"],
  ["{&keys}", "&keys=semi,%3B,dot,.,comma,%2C"],
  ["{&keys*}", "&semi=%3B&dot=.&comma=%2C"],
  // 1.1 and 1.2
  ["http://www.example.com/foo{?query,number}", "http://www.example.com/foo"],
  ["map?{x,y}", "map?1024,768"],
];

for (const [template, expanded] of examples) {
  test(`${template} gives ${expanded}, RFC 6570`, () => {
    assert.equal(expandUriTemplate(parseUriTemplate(template), values), expanded);
  });
}

for (const [template, given, expanded] of [
  ["{a}", { a: "ü€𝄞" }, "%C3%BC%E2%82%AC%F0%9D%84%9E"],
  ["{a:2}", { a: "𝄞ü€" }, "%F0%9D%84%9E%C3%BC"],
  ["{+a}", { a: "a%20b%zz[1]" }, "a%20b%25zz[1]"],
  ["{a}", { a: "\ud800" }, "%EF%BF%BD"],
  ["{a}", { a: 7 }, "7"],
  ["{a}", { a: false }, "false"],
  ["{a,b}", { a: ["x", undefined, null, "y"], b: [undefined] }, "x,y"],
  ["{?a*}", { a: { x: 1, y: undefined } }, "?x=1"],
  ["{constructor}", {}, ""],
  ["{a.b,%41}", { "a.b": "dotted", "%41": "encoded" }, "dotted,encoded"],
  ["ü/%20'{a}", { a: 1 }, "%C3%BC/%20'1"],
] as readonly (readonly [string, TemplateValues, string])[]) {
  test(`${template} with ${JSON.stringify(given)} gives ${expanded}`, () => {
    assert.equal(expandUriTemplate(parseUriTemplate(template), given), expanded);
  });
}

/** RFC 6570 section 2. */
for (const template of [
  "{",
  "{a",
  "a}",
  "{}",
  "{+}",
  "{a,}",
  "{,a}",
  "{a b}",
  "{a:0}",
  "{a:10000}",
  "{a:x}",
  "{a*:3}",
  "{a:3*}",
  "{=a}",
  "{!a}",
  "{@a}",
  "{|a}",
  "{a-b}",
  "{a..b}",
  "{.}",
  "{%zz}",
  "{a{b}}",
  "a b",
  'a"b',
  "a<b",
  "a\\b",
  "a%zz",
  "a\r\nb",
]) {
  test(`${JSON.stringify(template)} is no template`, () => {
    assert.throws(() => parseUriTemplate(template), { name: "UsageError", code: "URL_TEMPLATE_INVALID" });
  });
}

test("a prefix of a list or an association is refused, RFC 6570 section 2.4.1", () => {
  for (const a of [["x"], { x: 1 }]) {
    assert.throws(() => expandUriTemplate(parseUriTemplate("{a:1}"), { a }), { code: "URL_TEMPLATE_INVALID" });
  }
});

test("whatever text comes, it is a template or refused as none", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from("{}+#./;?&,:*%a1 \\é")) }), (text) => {
      try {
        expandUriTemplate(parseUriTemplate(text), { a: "1", a1: ["2"] });
      } catch (error) {
        assert(error instanceof UsageError && error.code === "URL_TEMPLATE_INVALID", String(error));
      }
    }),
  );
});

test("what a simple expression gives has no delimiter in it, whatever the value", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (a) => {
      assert.match(expandUriTemplate(parseUriTemplate("{a}"), { a }), /^(?:[\w.~-]|%[\dA-F]{2})*$/);
    }),
  );
});
