import { ContentError } from "@fairlead/core";
import { formatPartHead, MultipartParser, type MultipartLimits } from "@fairlead/http/multipart";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";

/** What is read of a form, in pieces of this size: heads, and contents as text of octets. */
function read(form: string, size: number, limits: MultipartLimits = {}): readonly unknown[] {
  const parser = new MultipartParser("b", limits, {});
  const octets = Uint8Array.from(form, (character) => character.charCodeAt(0));
  const parts: unknown[][] = [];
  for (let at = 0; at < octets.length; at += size) {
    for (const event of parser.read(octets.slice(at, at + size))) {
      if (event.type === "part") parts.push([event.head.name, event.head.fileName, event.head.contentType, ""]);
      if (event.type === "data")
        parts.at(-1)?.push(`${String(parts.at(-1)?.pop())}${String.fromCharCode(...event.bytes)}`);
      if (event.type === "end of part") parts.at(-1)?.push("end");
    }
  }
  parser.end();
  return parts;
}

const sizes = (form: string): readonly number[] => [1, 2, 3, 7, 64, Math.max(1, form.length)];
const lines = (...all: readonly string[]): string => all.join("\r\n");
const disposition = 'Content-Disposition: form-data; name="a"';
const HEAD = lines("--b", disposition, "", "");

const READ: readonly (readonly [what: string, form: string, parts: readonly (readonly unknown[])[]])[] = [
  ["a field", `${HEAD}x\r\n--b--\r\n`, [["a", undefined, undefined, "x", "end"]]],
  ["nothing in a field", `${HEAD}\r\n--b--`, [["a", undefined, undefined, "", "end"]]],
  ["no parts", "--b--", []],
  [
    "a file between fields",
    `${HEAD}1\r\n${lines("--b", 'content-disposition:form-data;NAME=f; FileName="x.png"', "Content-Type: image/png", "", "\0\r\n-\r\n--c")}\r\n${HEAD}\r\n\r\n--b--`,
    [
      ["a", undefined, undefined, "1", "end"],
      ["f", "x.png", "image/png", "\0\r\n-\r\n--c", "end"],
      ["a", undefined, undefined, "\r\n", "end"],
    ],
  ],
  [
    "text before and behind",
    `before\r\n--c\r\n${HEAD}x\r\n--b--\r\n--b\r\nbehind`,
    [["a", undefined, undefined, "x", "end"]],
  ],
  ["space behind boundaries", `--b \t\r\n${disposition}\r\n\r\nx\r\n--b-- `, [["a", undefined, undefined, "x", "end"]]],
  [
    "names as browsers write them (WHATWG HTML section 4.10.22.7)",
    lines(
      "--b",
      'Content-Disposition: form-data; name="%22%0D%0A%41"; filename="C:\\dir\\..\\x/y\\"z.txt"',
      "",
      "x",
      "--b--",
    ),
    [['"\r\n%41', 'y"z.txt', undefined, "x", "end"]],
  ],
  [
    "a name in UTF-8",
    lines("--b", 'Content-Disposition: form-data; name="\xc3\xa9"', "", "", "--b--"),
    [["é", undefined, undefined, "", "end"]],
  ],
  [
    "other fields and parameters",
    lines(
      "--b",
      `${disposition}; filename*=UTF-8''x; x=y`,
      "X-Y: z",
      "Content-Transfer-Encoding: Binary",
      "",
      "",
      "--b--",
    ),
    [["a", undefined, undefined, "", "end"]],
  ],
];

for (const [what, form, parts] of READ) {
  test(`${what}: read the same, however it is cut (RFC 7578)`, () => {
    for (const size of sizes(form)) assert.deepEqual(read(form, size), parts);
  });
}

const REFUSED: readonly (readonly [what: string, form: string, detail: RegExp])[] = [
  ["nothing", "", /it was cut/],
  ["a head that is cut", "--b\r\nContent-Disp", /it was cut/],
  ["content that is cut", `${HEAD}x`, /it was cut/],
  ["a last boundary that is cut", `${HEAD}x\r\n--b-`, /it was cut/],
  ["a boundary without line end", `${HEAD}x\r\n--bc\r\n`, /something behind a boundary/],
  ["half of a last boundary", `${HEAD}x\r\n--b-\r\n`, /something behind a boundary/],
  ["a bare line feed behind a boundary", `--b\n${disposition}\n\nx\n--b--`, /something behind a boundary/],
  ["a head without fields", "--b\r\n\r\nx\r\n--b--", /no form data/],
  ["another disposition", lines("--b", 'Content-Disposition: attachment; name="a"', "", "", "--b--"), /no form data/],
  ["no name", lines("--b", 'Content-Disposition: form-data; filename="a"', "", "", "--b--"), /without a name/],
  ["two names", lines("--b", `${disposition}; name="b"`, "", "", "--b--"), /two names/],
  ["two dispositions", lines("--b", disposition, disposition.replace("a", "b"), "", "", "--b--"), /a field twice/],
  [
    "a name that does not end",
    lines("--b", 'Content-Disposition: form-data; name="a\\"', "", "", "--b--"),
    /cannot be read/,
  ],
  ["something behind a name", lines("--b", `${disposition} x`, "", "", "--b--"), /cannot be read/],
  ["a folded line", lines("--b", "Content-Disposition: form-data;", ' name="a"', "", "", "--b--"), /no field/],
  ["a line feed in a field", lines("--b", `${disposition}\nX: y`, "", "", "--b--"), /no field/],
  ["a NUL in a name", lines("--b", 'Content-Disposition: form-data; name="a\0"', "", "", "--b--"), /no field/],
  ["space before a colon", lines("--b", disposition.replace(":", " :"), "", "", "--b--"), /no field/],
  ["a head that is no UTF-8", lines("--b", disposition.replace('"a"', '"\xe9"'), "", "", "--b--"), /no UTF-8/],
  [
    "Base64 (RFC 7578 section 4.7)",
    lines("--b", disposition, "Content-Transfer-Encoding: base64", "", "", "--b--"),
    /transfer encoding/,
  ],
];

for (const [what, form, detail] of REFUSED) {
  test(`${what}: refused, however it is cut`, () => {
    for (const size of sizes(form)) {
      assert.throws(
        () => read(form, size),
        (error) => error instanceof ContentError && error.code === "MULTIPART_INVALID" && detail.test(error.message),
      );
    }
  });
}

const file = lines("--b", `${disposition}; filename="f"`, "", "");
const LIMITED: readonly (readonly [limits: MultipartLimits, within: string, beyond: string])[] = [
  [{ partLimit: 2 }, `${HEAD}\r\n${HEAD}\r\n--b--`, `${HEAD}\r\n${HEAD}\r\n${HEAD}\r\n--b--`],
  [{ headLimitBytes: disposition.length + 4 }, `${HEAD}\r\n--b--`, `--b\r\n${disposition} \r\n\r\n`],
  [{ fieldLimitBytes: 3 }, `${HEAD}xyz\r\n${file}xyz!\r\n--b--`, `${HEAD}wxyz\r\n--b--`],
  [{ totalLimitBytes: 100 }, `${file}xyz\r\n--b--${" ".repeat(20)}`, `${file}${"x".repeat(100)}`],
  [{}, `--b${" ".repeat(256)}\r\n${disposition}\r\n\r\n\r\n--b--`, `--b${" ".repeat(300)}`],
];

for (const [limits, within, beyond] of LIMITED) {
  test(`${JSON.stringify(limits)} holds, however it is cut`, () => {
    for (const size of sizes(within)) read(within, size, limits);
    for (const size of sizes(beyond)) assert.throws(() => read(beyond, size, limits), { code: "CONTENT_LIMIT" });
  });
}

test("what is written is read as it was, and no name or content ends it early", () => {
  const hostile = fc.constantFrom("\r\n", "--b", "\r", "\n", "-", '"', "\r\n--b", "\r\n--", "--b--", "x", "\\x");
  const text = fc
    .array(fc.oneof(hostile, fc.string({ maxLength: 3 })), { maxLength: 8 })
    .map((pieces) => pieces.join(""));
  const safe = text.map((content) => content.replaceAll("\r\n--b", "\r\n--c").replace(/[^\u0000-\u00ff]/g, "?"));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, safe), { maxLength: 4 }), fc.integer({ min: 1, max: 9 }), (fields, size) => {
      const names = fields.map(([name]) =>
        name.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\\\ud800-\udfff]/g, "_").replaceAll("%", "_"),
      );
      const head = (name: string): string => formatPartHead({ name, fileName: undefined, contentType: undefined }, "b");
      const octets = (string: string): string => String.fromCharCode(...new TextEncoder().encode(string));
      const form = fields.map(([, content], index) => `${octets(head(names[index] ?? ""))}${content}\r\n`).join("");
      const expected = fields.map(([, content], index) => [
        names[index]?.replace(/\r\n?|\n/g, "\r\n"),
        undefined,
        undefined,
        content,
        "end",
      ]);
      assert.deepEqual(read(`${form}--b--`, size), expected);
    }),
    { numRuns: 300 },
  );
});

test("whatever arrives is read or refused, the same however it is cut", () => {
  const piece = fc.constantFrom(
    "--b",
    "\r\n",
    "--",
    "\r",
    "\n",
    disposition,
    ":",
    ";",
    '"',
    "x",
    " ",
    "\0",
    "Content-Type: ",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 2 })), { maxLength: 16 }), (pieces) => {
      const form = `${pieces.length % 2 === 0 ? HEAD : ""}${pieces.join("").replace(/[^\u0000-\u00ff]/g, "?")}`;
      const outcome = (size: number): unknown => {
        try {
          return read(form, size);
        } catch (error) {
          assert.ok(error instanceof ContentError, String(error));
          return error.code;
        }
      };
      assert.deepEqual(outcome(1), outcome(1_000));
    }),
    { numRuns: 500 },
  );
});
