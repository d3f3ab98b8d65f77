import { ContentError } from "@fairlead/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeText, formContent, readForm, readJsonContent } from "../../src/content/index.ts";

const facts = { peer: "api.example:443", operation: "read" };
const octets = (text: string): Uint8Array => Buffer.from(text, "latin1");
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Refused with this code, where it happened, and with what came. */
function refused(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array, code: ContentError["code"]): void {
  assert.throws(
    () => read(bytes),
    (error) =>
      error instanceof ContentError &&
      error.code === code &&
      error.bytes === bytes &&
      error.message.startsWith("read api.example:443: "),
  );
}

test("text is decoded by the charset of its media type, UTF-8 by default", () => {
  const texts: readonly (readonly [contentType: string | undefined, bytes: Uint8Array, text: string])[] = [
    [undefined, utf8("é€😀"), "é€😀"],
    ["text/plain", utf8("é"), "é"],
    ["text/plain; charset=UTF-8", utf8("\ufeffé"), "é"],
    ["text/plain; charset=iso-8859-1", octets("\xe9"), "é"],
    ['text/plain; charset="utf-16le"', Buffer.from("\ufeffé", "utf16le"), "é"],
    ["text/plain; charset=shift_jis", octets("\x82\xa0"), "あ"],
    ["no media type; charset=latin1", utf8("é"), "é"],
  ];
  for (const [contentType, bytes, text] of texts) assert.equal(decodeText(bytes, contentType, facts), text);
});

test("text in another charset than it says, or in an unknown one, is an error that has the bytes", () => {
  refused((bytes) => decodeText(bytes, "text/plain", facts), octets("caf\xe9"), "CHARSET_VIOLATED");
  refused((bytes) => decodeText(bytes, "text/plain", facts), octets("\xed\xa0\x80"), "CHARSET_VIOLATED");
  refused((bytes) => decodeText(bytes, "text/plain; charset=utf-16le", facts), octets("a"), "CHARSET_VIOLATED");
  refused((bytes) => decodeText(bytes, "text/plain; charset=utf-7", facts), octets("a"), "CHARSET_UNSUPPORTED");
  refused((bytes) => decodeText(bytes, "text/plain; charset=iso-2022-kr", facts), octets("a"), "CHARSET_UNSUPPORTED");
});

test("JSON is UTF-8, whatever its charset parameter says (RFC 8259 section 8.1)", () => {
  assert.deepEqual(readJsonContent(utf8('\ufeff{"é":1}'), "application/json; charset=iso-8859-1", {}, facts), { é: 1 });
  const read = (bytes: Uint8Array): unknown => readJsonContent(bytes, "application/json", {}, facts);
  refused(read, octets('"caf\xe9"'), "CHARSET_VIOLATED");
  refused(read, Buffer.from('\ufeff{"a":1}', "utf16le"), "CHARSET_VIOLATED");
  refused(read, Buffer.from('{"a":1}', "utf16le"), "JSON_INVALID");
});

test("JSON that is none, too deep, or has a name twice is an error that has the bytes", () => {
  const read = (bytes: Uint8Array): unknown => readJsonContent(bytes, "application/problem+json", {}, facts);
  refused(read, utf8("{'a':1}"), "JSON_INVALID");
  refused(read, utf8(""), "JSON_INVALID");
  refused(read, utf8("[".repeat(1_000_000)), "JSON_TOO_DEEP");
  refused(read, utf8('{"a":1,"a":2}'), "JSON_MEMBER_DUPLICATED");
  assert.deepEqual(readJsonContent(utf8('{"a":1,"a":2}'), undefined, { duplicates: "last" }, facts), { a: 2 });
});

test("an array or an object is JSON under any media type; a page for people is not", () => {
  for (const contentType of [undefined, "text/html", "text/plain; charset=utf-8", "application/x-amz-json-1.1", "?"]) {
    assert.deepEqual(readJsonContent(utf8('\ufeff \n{"a":[1]}'), contentType, {}, facts), { a: [1] });
  }
  const read = (bytes: Uint8Array): unknown => readJsonContent(bytes, "text/html", {}, facts);
  for (const text of ["<!DOCTYPE html>", "404", "", "null"]) refused(read, utf8(text), "CONTENT_TYPE_UNEXPECTED");
  refused((bytes) => readJsonContent(bytes, "application/json-seq", {}, facts), utf8("1"), "CONTENT_TYPE_UNEXPECTED");
});

test("a form is read as browsers write it (WHATWG URL section 5.1)", () => {
  const forms: readonly (readonly [text: string, fields: readonly (readonly [string, string])[]])[] = [
    ["", []],
    [
      "a=1&a=2&b",
      [
        ["a", "1"],
        ["a", "2"],
        ["b", ""],
      ],
    ],
    ["?a=1", [["?a", "1"]]],
    [
      "a+b=%2B%26&&=x",
      [
        ["a b", "+&"],
        ["", "x"],
      ],
    ],
    ["n=%E2%82%AC%C3%A9€", [["n", "€é€"]]],
    ["n=%zz%4", [["n", "%zz%4"]]],
    ["__proto__=1", [["__proto__", "1"]]],
  ];
  for (const [text, fields] of forms) assert.deepEqual([...readForm(utf8(text), undefined, facts)], fields);
});

test("a form that is none, or no UTF-8, or has too many fields, is refused", () => {
  const contentType = "application/x-www-form-urlencoded; charset=utf-8";
  const read = (bytes: Uint8Array): unknown => readForm(bytes, contentType, facts);
  refused(read, octets("a=caf\xe9"), "CHARSET_VIOLATED");
  refused(read, octets("a=caf%E9"), "CHARSET_VIOLATED");
  refused(read, octets("a=%E2%82"), "CHARSET_VIOLATED");
  refused(read, octets(`a=${"%c3%a9".repeat(200_000)}%ff`), "CHARSET_VIOLATED");
  refused(read, octets("a&".repeat(1_000)), "CONTENT_LIMIT");
  refused(read, octets("&".repeat(10_000_000)), "CONTENT_LIMIT");
  refused((bytes) => readForm(bytes, contentType, facts, { fieldLimit: 2 }), octets("a&b&c"), "CONTENT_LIMIT");
  assert.equal([...readForm(octets("a&".repeat(999)), contentType, facts)].length, 999);
  refused((bytes) => readForm(bytes, "text/html", facts), octets("a=1"), "CONTENT_TYPE_UNEXPECTED");
});

test("what is written as a form is read as it was", () => {
  const names = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(fc.array(fc.tuple(names, names), { maxLength: 20 }), (fields) => {
      const { contentType, body } = formContent(new URLSearchParams(fields));
      assert.deepEqual([...readForm(utf8(body), contentType, facts)], [...new URLSearchParams(fields)]);
    }),
  );
  const input = { a: 1, list: ["x", undefined, true], no: undefined, none: null, "ä&": "=" };
  assert.equal(formContent(input).body, "a=1&list=x&list=true&%C3%A4%26=%3D");
});
