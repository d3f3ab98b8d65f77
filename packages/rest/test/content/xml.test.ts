import { ContentError } from "@fairlead/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { readXml } from "../../src/content/index.ts";

const facts = { peer: "api.example:443", operation: "read" };
const octets = (text: string): Uint8Array => Buffer.from(text, "latin1");
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

test("the root element is given, with what is in it", async () => {
  const text = `<?xml version="1.0"?><!DOCTYPE a PUBLIC "-//x//EN" 'http://x/'><!-- <b> --><a b="1 &lt; 2"><c/>x&#233;<![CDATA[<d>]]></a>`;
  const root = await readXml(utf8(text), "application/xml", facts);
  assert.equal(root.name, "a");
  assert.deepEqual({ ...root.attributes }, { b: "1 < 2" });
  assert.equal(root.text, "xé<d>");
  assert.equal(root.children.length, 2);
});

const ENCODINGS: readonly (readonly [contentType: string | undefined, bytes: Uint8Array])[] = [
  [undefined, utf8("<a>é</a>")],
  ["text/xml; charset=utf-8", utf8("<a>é</a>")],
  // RFC 7303 section 3: the mark before the media type, the media type before the declaration.
  ["text/xml; charset=iso-8859-1", utf8("\ufeff<a>é</a>")],
  ["text/xml; charset=iso-8859-1", octets('<?xml version="1.0" encoding="utf-8"?><a>\xe9</a>')],
  ["application/xml", octets("<?xml version='1.0' encoding='ISO-8859-1' ?><a>\xe9</a>")],
  ["application/xml", Buffer.from("\ufeff<a>é</a>", "utf16le")],
  ["application/xml", Buffer.from("\ufeff<a>é</a>", "utf16le").swap16()],
  ["application/xml", Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a>é</a>', "utf16le")],
  ["application/xml", Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a>é</a>', "utf16le").swap16()],
];

for (const [index, [contentType, bytes]] of ENCODINGS.entries()) {
  test(`encoding ${String(index)}, ${contentType ?? "without a media type"}, is found (RFC 7303 section 3)`, async () => {
    assert.equal((await readXml(bytes, contentType, facts)).text, "é");
  });
}

const REFUSED: readonly (readonly [text: string, code: ContentError["code"], detail: RegExp])[] = [
  ["", "XML_INVALID", /line 1/],
  ["<!-- -->", "XML_INVALID", /line 1/],
  ["<a>\n<b></a>", "XML_INVALID", /line 2, column 4/],
  ["<a>hunter2&nbsp;</a>", "XML_INVALID", /line 1/],
  ["<a b='1' b='2'/>", "XML_INVALID", /line 1/],
  ["<a>\x00</a>", "XML_INVALID", /line 1/],
  ["<a/><b/>", "XML_INVALID", /line 1/],
  ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "XML_INVALID", /its document type has declarations/],
  ['<!DOCTYPE a SYSTEM "]>" []><a/>', "XML_INVALID", /its document type has declarations/],
  ['<!DOCTYPE a [ " ]><a>"</a>', "XML_INVALID", /its document type has declarations/],
  ['<?xml version="1.0" encoding="utf-7"?><a/>', "CHARSET_UNSUPPORTED", /utf-7/],
  ["<a>\xe9</a>", "CHARSET_VIOLATED", /utf-8/],
  ["<a>".repeat(257), "CONTENT_LIMIT", /more than 256 levels of elements/],
  ["<a b='>' c=\"/>\">".repeat(257), "CONTENT_LIMIT", /more than 256 levels/],
  [
    `<a><!-- </a> --><![CDATA[</a>]]><?x </a>?>${"<b></b ><b><c/>".repeat(256)}`,
    "CONTENT_LIMIT",
    /more than 256 levels/,
  ],
  ["<a>".repeat(1_000_000), "CONTENT_LIMIT", /more than 256 levels/],
];

for (const [text, code, detail] of REFUSED) {
  test(`${JSON.stringify(text.slice(0, 50))} is refused with ${code}, and nothing of it is told`, async () => {
    const bytes = octets(text);
    await assert.rejects(
      readXml(bytes, "application/xml", facts),
      (error) =>
        error instanceof ContentError &&
        error.code === code &&
        detail.test(error.message) &&
        error.bytes === bytes &&
        error.cause === undefined &&
        !error.message.includes("hunter2"),
    );
  });
}

test("elements that are beside one another are not within one another", async () => {
  const root = await readXml(utf8(`<a>${"<b><c x='1'/></b>".repeat(1_000)}</a>`), undefined, facts);
  assert.equal(root.children.length, 1_000);
  const nested = `${"<a>".repeat(256)}${"</a>".repeat(256)}`;
  assert.equal((await readXml(utf8(nested), undefined, facts)).name, "a");
});

test("whatever arrives is read or refused, without running out of stack", async () => {
  const piece = fc.constantFrom(
    "<a>",
    "</a>",
    "<a",
    "/>",
    ">",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?x ",
    "?>",
    '"',
    "'",
    "b=",
    "&",
    ";",
    "<!DOCTYPE a",
    "[",
    "]",
    "<a>".repeat(9_000),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 12 }), async (pieces) => {
      await readXml(utf8(pieces.join("")), undefined, facts).catch((error: unknown) => {
        assert.ok(error instanceof ContentError, String(error));
      });
    }),
    { numRuns: 300 },
  );
});
