import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CoapLink,
  formatLinkFormat,
  linkAttribute,
  linkAttributeList,
  parseLinkFormat,
} from "@fairlead/iot/coap/protocol";
import fc from "fast-check";

const link = (target: string, ...attributes: readonly (readonly [string, string?])[]): CoapLink => ({
  target,
  attributes: attributes.map(([name, value]) => ({ name, value })),
});

describe("the link format (RFC 6690 section 2)", () => {
  const accepted: readonly (readonly [text: string, links: readonly CoapLink[]])[] = [
    ["", []],
    [" \n", []],
    ["</a>", [link("/a")]],
    // The examples of section 5.
    [
      '</sensors>;ct=40;title="Sensor Index",</sensors/temp>;rt="temperature-c";if="sensor"',
      [
        link("/sensors", ["ct", "40"], ["title", "Sensor Index"]),
        link("/sensors/temp", ["rt", "temperature-c"], ["if", "sensor"]),
      ],
    ],
    [
      '<http://www.example.com/sensors/t123>;anchor="/sensors/temp";rel="describedby",</t>;anchor="/sensors/temp";rel="alternate"',
      [
        link("http://www.example.com/sensors/t123", ["anchor", "/sensors/temp"], ["rel", "describedby"]),
        link("/t", ["anchor", "/sensors/temp"], ["rel", "alternate"]),
      ],
    ],
    ["</firmware/v2.1>;rt=firmware;sz=262144", [link("/firmware/v2.1", ["rt", "firmware"], ["sz", "262144"])]],
    ["</a>;obs;ct=0", [link("/a", ["obs"], ["ct", "0"])]],
    ['</a>;title="a, \\"b\\"; <c>"', [link("/a", ["title", 'a, "b"; <c>'])]],
    ["</a>;title*=UTF-8''%e2%82%ac", [link("/a", ["title*", "UTF-8''%e2%82%ac"])]],
    ['</a>;title=""', [link("/a", ["title", ""])]],
    ["<>;rt=self", [link("", ["rt", "self"])]],
    // What devices send although the format has no white space.
    ['</a>;rt="x" ,\r\n </b> ; ct=50\n', [link("/a", ["rt", "x"]), link("/b", ["ct", "50"])]],
  ];
  for (const [text, links] of accepted) {
    test(`takes ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseLinkFormat(text), { type: "links", links });
    });
  }

  const refused: readonly (readonly [text: string, at: number])[] = [
    ["a", 0],
    ["</a", 0],
    ["</a b>", 0],
    ["</a>,", 5],
    [",</a>", 0],
    ["</a>;", 5],
    ["</a>;=x", 5],
    ["</a>;rt=", 8],
    ['</a>;rt="x', 8],
    ['</a>;rt="x\\"', 8],
    ["</a>;rt=a b", 10],
    ["</a></b>", 4],
  ];
  for (const [text, at] of refused) {
    test(`refuses ${JSON.stringify(text)} at ${at}`, () => {
      assert.deepEqual(parseLinkFormat(text), { type: "malformed", at });
    });
  }

  test("reads a value of 40 million characters, and one that never ends", () => {
    const long = "x".repeat(40_000_000);
    assert.equal(parseLinkFormat(`</a>;t="${long}"`).type, "links");
    assert.equal(parseLinkFormat(`</a>;t="${long}`).type, "malformed");
  });

  test("returns whatever arrives", () => {
    const piece = fc.constantFrom("<", ">", "/a", ";", ",", "=", '"', "\\", "rt", "obs", " ", "\n", "é", "\ud800");
    fc.assert(fc.property(fc.array(piece), (pieces) => void parseLinkFormat(pieces.join(""))));
  });

  test("reads what it wrote", () => {
    const target = fc.stringMatching(/^\/[a-z\d%/.?&=:;,-]*$/);
    const name = fc.stringMatching(/^[a-z][a-z\d-]{0,8}\*?$/);
    const text = fc.string({ unit: "grapheme" }).filter((value) => !/[\u0000-\u001f\u007f]/.test(value));
    const attribute = fc.record({ name, value: fc.option(text, { nil: undefined }) });
    const links = fc.array(fc.record({ target, attributes: fc.array(attribute, { maxLength: 4 }) }), { maxLength: 4 });
    fc.assert(
      fc.property(links, (some) => {
        assert.deepEqual(plain(parseLinkFormat(formatLinkFormat(some))), plain({ type: "links", links: some }));
      }),
    );
  });

  test("writes numbers of ct and sz bare, and other values in quotes", () => {
    const some = [link("/a", ["ct", "50"], ["sz", "12"], ["title", "50"], ["obs"]), link("/b", ["ct", "0 40"])];
    assert.equal(formatLinkFormat(some), '</a>;ct=50;sz=12;title="50";obs,</b>;ct="0 40"');
  });

  for (const bad of [link("/a b"), link("/a>"), link("/ä"), link("/a", ["r t", "x"]), link("/a", ["rt", "x\n"])]) {
    test(`does not write ${JSON.stringify(bad)}`, () => {
      assert.throws(() => formatLinkFormat([bad]), { code: "OPTION_INVALID" });
    });
  }

  test("tells one value, and what a value lists", () => {
    const one = link("/a", ["rt", " light  switch "], ["obs"], ["rt", "other"]);
    assert.equal(linkAttribute(one, "obs"), "");
    assert.equal(linkAttribute(one, "sz"), undefined);
    assert.deepEqual(linkAttributeList(one, "rt"), ["light", "switch"]);
    assert.deepEqual(linkAttributeList(one, "if"), []);
  });
});

/** Without what prototypes a record generator gives. */
function plain(value: unknown): unknown {
  return structuredClone(value);
}
