import { findLink, formatLinks, parseLinks, type Link, type LinkInput } from "@fairlead/http/link";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";

/** What is read of each link, without what is not there. */
const read = (value: string): object[] =>
  parseLinks(value).map(({ target, relations, anchor, title, attributes }) => ({
    target,
    relations,
    ...(anchor !== undefined && { anchor }),
    ...(title !== undefined && { title }),
    ...(attributes.size > 0 && { attributes: Object.fromEntries(attributes) }),
  }));

describe("a Link field (RFC 8288 section 3)", () => {
  const taken: readonly (readonly [what: string, value: string, links: readonly object[]])[] = [
    [
      "3.5, the first example",
      '<http://example.com/TheBook/chapter2>; rel="previous"; title="previous chapter"',
      [{ target: "http://example.com/TheBook/chapter2", relations: ["previous"], title: "previous chapter" }],
    ],
    [
      "3.5, an extension relation type",
      '</>; rel="http://example.net/foo"',
      [{ target: "/", relations: ["http://example.net/foo"] }],
    ],
    [
      "3.5, an anchor",
      '</terms>; rel="copyright"; anchor="#foo"',
      [{ target: "/terms", relations: ["copyright"], anchor: "#foo" }],
    ],
    [
      "3.5, titles in other letters",
      `</TheBook/chapter2>; rel="previous"; title*=UTF-8'de'letztes%20Kapitel, </TheBook/chapter4>; rel="next"; title*=UTF-8'de'n%c3%a4chstes%20Kapitel`,
      [
        { target: "/TheBook/chapter2", relations: ["previous"], title: "letztes Kapitel" },
        { target: "/TheBook/chapter4", relations: ["next"], title: "nächstes Kapitel" },
      ],
    ],
    [
      "3.5, several relation types in one value",
      '<http://example.org/>; rel="start http://example.net/relation/other"',
      [{ target: "http://example.org/", relations: ["start", "http://example.net/relation/other"] }],
    ],
    [
      "3.5, two links in one field",
      '<https://example.org/>; rel="start", <https://example.org/index>; rel="index"',
      [
        { target: "https://example.org/", relations: ["start"] },
        { target: "https://example.org/index", relations: ["index"] },
      ],
    ],
    [
      "what GitHub sends",
      '<https://api.github.com/repositories/1/issues?page=2>; rel="next", <https://api.github.com/repositories/1/issues?page=9>; rel="last"',
      [
        { target: "https://api.github.com/repositories/1/issues?page=2", relations: ["next"] },
        { target: "https://api.github.com/repositories/1/issues?page=9", relations: ["last"] },
      ],
    ],
    [
      "commas and semicolons within",
      '<a,b;c>;rel="x";title="a,b;c"',
      [{ target: "a,b;c", relations: ["x"], title: "a,b;c" }],
    ],
    [
      "escaped quotes",
      String.raw`<a>;title="say \"a\\b\""`,
      [{ target: "a", relations: [], title: String.raw`say "a\b"` }],
    ],
    ["3.3: the first of two rel counts", "<a>;rel=next;rel=prev", [{ target: "a", relations: ["next"] }]],
    ["names and relation types in any case", "<a>; ReL=NEXT", [{ target: "a", relations: ["next"] }]],
    [
      "space wherever it may be",
      '\t<a> ; rel = "next" \t,, <b>;rel=prev ',
      [
        { target: "a", relations: ["next"] },
        { target: "b", relations: ["prev"] },
      ],
    ],
    [
      "attributes, with and without value",
      '<a>;rel=x;type="text/html";crossorigin',
      [{ target: "a", relations: ["x"], attributes: { type: "text/html", crossorigin: "" } }],
    ],
    [
      "3.4.1: title where title* is in an encoding that nobody must send",
      "<a>;title*=ISO-8859-1''%e4;title=plain",
      [{ target: "a", relations: [], title: "plain" }],
    ],
    [
      "title where title* is no UTF-8",
      "<a>;title*=UTF-8''%ff;title=plain",
      [{ target: "a", relations: [], title: "plain" }],
    ],
    ["an empty target", '<>;rel="self"', [{ target: "", relations: ["self"] }]],
    ["a quote that does not end", String.raw`<a>;title="x\"`, [{ target: "a", relations: [], title: 'x"' }]],
    ["what comes before what is no link", "<a>;rel=next, b;rel=prev, <c>", [{ target: "a", relations: ["next"] }]],
    ["nothing", "", []],
    ["a target that does not end", "<a", []],
    ["no target", "a; rel=next", []],
  ];
  for (const [what, value, links] of taken) {
    test(`is read: ${what}`, () => {
      assert.deepEqual(read(value), links);
    });
  }

  test("that is not there has no links", () => {
    assert.deepEqual(parseLinks(undefined), []);
  });

  test("is read to its thousandth link, and each link to its hundredth parameter", () => {
    assert.equal(parseLinks("<a>,".repeat(5_000)).length, 1_000);
    const parameters = Array.from({ length: 500 }, (_, index) => `;p${String(index)}=x`).join("");
    assert.equal(parseLinks(`<a>${parameters}`)[0]?.attributes.size, 100);
  });

  test("may be anything: it is read, in time in proportion", () => {
    const pieces = fc.constantFrom("<", ">", ";", ",", '"', "\\", "=", " ", "rel", "title*", "UTF-8''%", "a", "ä");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        for (const link of parseLinks(parts.join(""))) assert.equal(typeof link.target, "string");
      }),
    );
    for (const piece of ['<a>;t="', "<a>;\\\\", '<a>;t="\\', "<", ";", "<a>;;;;"]) parseLinks(piece.repeat(100_000));
  });

  test("3.2: a link with an anchor leads away from another resource, and is not found", () => {
    const links = parseLinks('<evil>;rel=next;anchor="/other", <good>;rel="first NEXT"');
    assert.equal(findLink(links, "Next")?.target, "good");
    assert.equal(findLink(links, "last"), undefined);
  });
});

describe("a Link field that is written", () => {
  test("is as short as it can be", () => {
    assert.equal(
      formatLinks([
        { target: "/items?page=3", relations: ["next"] },
        { target: "/items?page=1", relations: ["first", "prev"], title: "für Sie", attributes: { type: "text/html" } },
      ]),
      `</items?page=3>; rel="next", </items?page=1>; rel="first prev"; title*=UTF-8''f%C3%BCr%20Sie; type="text/html"`,
    );
  });

  for (const [what, link] of [
    ["a target with a bracket", { target: "a>b", relations: ["next"] }],
    ["a target with a line break", { target: "a\r\nset-cookie: x", relations: ["next"] }],
    ["no relation type", { target: "a", relations: [] }],
    ["a relation type with a quote", { target: "a", relations: ['"'] }],
    ["an attribute in other letters", { target: "a", relations: ["b"], attributes: { x: "ä" } }],
    ["an attribute whose name is none", { target: "a", relations: ["b"], attributes: { "x y": "a" } }],
  ] satisfies (readonly [string, LinkInput])[]) {
    test(`is refused with ${what}`, () => {
      assert.throws(() => formatLinks([link]), { code: "HEADER_INVALID" });
    });
  }

  test("is read as what it was", () => {
    const reference = fc.stringMatching(/^[!-;=?-~]{0,20}$/);
    const relation = fc.stringMatching(/^[!#-`{-~]{1,10}$/).map((text) => text.toLowerCase());
    const link = fc.record({
      target: reference,
      relations: fc.array(relation, { minLength: 1, maxLength: 3 }),
      title: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(link, { maxLength: 5 }), (links) => {
        const back = parseLinks(formatLinks(links)).map(({ target, relations, title }: Link) => ({
          target,
          relations,
          title,
        }));
        assert.deepEqual(
          back,
          links.map((one) => ({ ...one, title: one.title.toWellFormed() })),
        );
      }),
    );
  });
});
