import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { applyBatch, differingNames, emptyDocument, type StoreDocument } from "../../src/file/document.ts";
import { formatDocument } from "../../src/file/format-document.ts";
import { parseDocument } from "../../src/file/parse-document.ts";

const sample = `{
  "fairlead": {"version":1,"since":"2026"},
  "mine": {"b":[1,{"a":null}],"__proto__":3},
  "collections": {
    "things": {
      "a": {"value":{"x":[1,"ü\\u0000"]},"expires":"2100-01-01T00:00:00.000Z","note":"keep"},
      "": {"base64":"AAEC","written":"2026-01-01T00:00:00.000Z"}
    },
    "none": {},
    "__proto__": {
      "b": {"value":null}
    }
  }
}
`;

describe("a document", () => {
  it("is written as it was read, one record a line", () => {
    assert.equal(format(parse(sample)), sample);
    assert.equal(format(emptyDocument), '{\n  "fairlead": {"version":1},\n  "collections": {}\n}\n');
  });

  it("is the same with a byte order mark's text removed, with CRLF, and with any white space", () => {
    const loose = sample.replaceAll("\n", "\r\n\t ").replaceAll('":', '"  :\r');
    assert.equal(format(parse(loose)), sample);
  });

  it("keeps a person's numbers as they are written, however long", () => {
    for (const number of ["12345678901234567890", "1e400", "-0.1234567890123456789", "1E+400", "0.1", "5e-324"]) {
      const text = sample.replace('"since":"2026"', `"since":${number}`).replace('{"x":[1,', `{"x":[${number},`);
      const written = format(parse(text));
      assert.ok(written.includes(`"since":${number}`), written);
      const value = parse(text).collections.get("things")?.get("a")?.value;
      assert.ok(
        Buffer.from(value ?? [])
          .toString()
          .startsWith(`{"x":[${number},`),
        number,
      );
    }
  });

  it("has the last of two members of one name", () => {
    const { collections } = parse('{"fairlead":{"version":1},"collections":{"t":{"a":{"value":1},"a":{"value":2}}}}');
    assert.deepEqual(
      [...(collections.get("t")?.values() ?? [])].map(({ text }) => text),
      ['{"value":2}'],
    );
  });

  it("may nest as deep as anybody nests; what is deeper is refused before it can overflow a stack", () => {
    const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    const withMember = (json: string): string => `{"fairlead":{"version":1},"mine":${json}}`;
    parse(withMember(nested(150)));
    for (const levels of [300, 1_000_000]) {
      for (const text of [withMember(nested(levels)), withMember(`{"a":`.repeat(levels)), "[".repeat(levels)]) {
        assert.deepEqual(parseDocument(text), { type: "damaged", reason: "nested more than 200 levels deep" });
      }
    }
    parse(withMember(`"${"[".repeat(1_000)}\\"${"{".repeat(1_000)}"`));
  });

  it("holds values that nest deeper as bytes, and is read again", () => {
    for (const levels of [99, 150, 250, 5_000]) {
      const deep = Buffer.from(`${"[".repeat(levels)}${"]".repeat(levels)}`);
      const written = format(applyBatch(emptyDocument, putting("a", deep)));
      assert.match(written, levels < 100 ? /"a": \{"value":/ : /"a": \{"base64":/);
      assert.deepEqual(Buffer.from(parse(written).collections.get("things")?.get("a")?.value ?? []), deep);
    }
  });

  it("that is cut off anywhere is damaged, not another document", () => {
    const whole = format(parse(sample));
    for (let length = 1; length < whole.trimEnd().length; length++) {
      assert.equal(parseDocument(whole.slice(0, length)).type, "damaged", String(length));
    }
  });

  it("with zeros where a power cut lost what was written is damaged", () => {
    assert.equal(parseDocument("\0".repeat(100)).type, "damaged");
    assert.equal(parseDocument(`${sample.slice(0, 100)}${"\0".repeat(100)}`).type, "damaged");
  });

  for (const version of ["0", "-1", "0.5", '"1"', "null", "[1]", "{}", "12345678901234567890"]) {
    it(`of version ${version} is damaged`, () => {
      assert.equal(parseDocument(`{"fairlead":{"version":${version}}}`).type, "damaged");
    });
  }

  for (const version of ["2", "1.5", "1e10", "1e400"]) {
    it(`of version ${version} is not ours to touch`, () => {
      assert.notEqual(parseDocument(`{"fairlead":{"version":${version}}}`).type, "document");
    });
  }

  it("is parsed or refused, whatever the text; what is parsed is written and read the same", () => {
    const json = fc.oneof(fc.json({ maxDepth: 6 }), fc.constantFrom("1e999", "[1,", "{}"));
    const record = fc.oneof(
      fc.record(
        { value: fc.jsonValue(), expires: fc.constantFrom("2100-01-01", "soon", 5), note: fc.jsonValue() },
        { requiredKeys: [] },
      ),
      fc.record(
        { base64: fc.oneof(fc.base64String(), fc.string()), written: fc.date().map(String) },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    );
    const document = fc.record({
      fairlead: fc.constantFrom({ version: 1 }, { version: 1, more: [] }),
      collections: fc.dictionary(fc.string(), fc.dictionary(fc.string(), record)),
      mine: fc.jsonValue(),
    });
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      json,
      json.map((root) => `{"fairlead":{"version":1},"collections":${root}}`),
      document.map((root) => JSON.stringify(root)),
      fc
        .tuple(fc.nat(sample.length), fc.string({ unit: "binary", maxLength: 3 }))
        .map(([at, noise]) => sample.slice(0, at) + noise + sample.slice(at + 1)),
    );
    fc.assert(
      fc.property(text, (given) => {
        const parsed = parseDocument(given);
        if (parsed.type !== "document") return;
        const written = format(parsed.document);
        const again = parseDocument(written);
        assert.ok(again.type === "document", again.type);
        assert.equal(format(again.document), written);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is written in pieces of a bounded size", () => {
    let document = emptyDocument;
    for (let index = 0; index < 1_000; index++)
      document = applyBatch(document, putting(`key ${index}`, Buffer.alloc(300)));
    const pieces = [...formatDocument(document)];
    assert.ok(pieces.length > 10);
    assert.ok(pieces.every((piece) => piece.length < 40_000));
    assert.equal(parse(pieces.join("")).collections.get("things")?.size, 1_000);
  });

  it("says what another one has that it has not, and the other way round", async () => {
    const before = parse(sample);
    const after = parse(sample.replace('"base64":"AAEC"', '"base64":"AAED"').replace('"b": {', '"c": {'));
    assert.deepEqual(
      await differingNames(before, after),
      new Map([
        ["things", new Set([""])],
        ["__proto__", new Set(["b", "c"])],
      ]),
    );
    assert.equal((await differingNames(before, parse(sample))).size, 0);
  });

  it("stays the same document when a batch changes nothing", () => {
    const document = parse(sample);
    const nothing = { clear: false, purgeAt: 0, records: new Map([["x", { type: "delete" }] as const]), trimTo: 10 };
    assert.equal(
      applyBatch(
        document,
        new Map([
          ["things", nothing],
          ["others", nothing],
        ]),
      ),
      document,
    );
  });
});

function putting(name: string, value: Uint8Array): Parameters<typeof applyBatch>[1] {
  const records = new Map([[name, { type: "put", value, expiresAt: undefined, writtenAt: 1 }] as const]);
  return new Map([["things", { clear: false, purgeAt: undefined, records, trimTo: undefined }]]);
}

function parse(text: string): StoreDocument {
  const parsed = parseDocument(text);
  assert.ok(parsed.type === "document", JSON.stringify(parsed));
  return parsed.document;
}

function format(document: StoreDocument): string {
  return [...formatDocument(document)].join("");
}
