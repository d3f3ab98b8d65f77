import { formatRequestHead, type RequestHead } from "@fairlead/http/h1";
import { isCodedError } from "@fairlead/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";

const GET: RequestHead = { method: "GET", target: "/a?b", host: "a.example", fields: [], content: "none" };
const POST: RequestHead = { ...GET, method: "POST", content: 5 };
const SECRET = "s3cr3t";

const lines = (head: RequestHead): string[] => formatRequestHead(head).text.split("\r\n");

describe("a head has what frames it, and what was asked for", () => {
  const start = ["GET /a?b HTTP/1.1", "host: a.example", "connection: keep-alive"];
  const posted = ["POST /a?b HTTP/1.1", ...start.slice(1)];
  const table: [what: string, head: RequestHead, lines: string[], framing: string | number, closes?: boolean][] = [
    ["GET", GET, start, "none"],
    ["fields", { ...GET, fields: ["X-A", "1", "x-a", "2"] }, [...start, "X-A: 1", "x-a: 2"], "none"],
    [
      "an empty value, bytes above 127, a tab",
      { ...GET, fields: ["X", "", "Y", "\xe9\t~"] },
      [...start, "X: ", "Y: \xe9\t~"],
      "none",
    ],
    ["a length", POST, [...posted, "content-length: 5"], 5],
    ["a length that was declared", { ...POST, fields: ["Content-Length", "5"] }, [...posted, "content-length: 5"], 5],
    ["no content where there might be", { ...POST, content: "none" }, [...posted, "content-length: 0"], "none"],
    ["content of no bytes", { ...POST, content: 0 }, [...posted, "content-length: 0"], 0],
    ["the same where there is none by nature", { ...GET, content: 0 }, start, 0],
    ["a declared 0", { ...GET, fields: ["content-length", "0"] }, [...start, "content-length: 0"], "none"],
    ["a stream", { ...POST, content: "stream" }, [...posted, "transfer-encoding: chunked"], "chunked"],
    [
      "a stream whose length was declared",
      { ...POST, content: "stream", fields: ["Content-Length", "7"] },
      [...posted, "content-length: 7"],
      7,
    ],
    [
      "another host",
      { ...GET, fields: ["Host", "b.example:8"] },
      [start[0] ?? "", "host: b.example:8", "connection: keep-alive"],
      "none",
    ],
    ["close", { ...GET, fields: ["Connection", "Close"] }, [...start.slice(0, 2), "connection: close"], "none", true],
    ["keep-alive", { ...GET, fields: ["connection", "keep-alive"] }, start, "none"],
    [
      "another protocol",
      { ...GET, upgrade: "websocket" },
      [...start.slice(0, 2), "connection: upgrade", "upgrade: websocket"],
      "none",
    ],
    [
      "a URL, for a proxy",
      { ...GET, target: "http://b.example/" },
      ["GET http://b.example/ HTTP/1.1", ...start.slice(1)],
      "none",
    ],
    ["a tunnel", { ...GET, method: "CONNECT", target: "b:443" }, ["CONNECT b:443 HTTP/1.1", ...start.slice(1)], "none"],
    [
      "a wish for trailers, RFC 9110 section 10.1.4",
      { ...GET, acceptsTrailers: true },
      [...start.slice(0, 2), "connection: keep-alive, te", "te: trailers"],
      "none",
    ],
    [
      "content that waits, RFC 9110 section 10.1.1",
      { ...GET, method: "PUT", content: "stream", expectsContinue: true },
      ["PUT /a?b HTTP/1.1", ...start.slice(1), "expect: 100-continue", "transfer-encoding: chunked"],
      "chunked",
    ],
    ["nothing that could wait", { ...GET, expectsContinue: true }, [...start], "none"],
    ["a method of one's own", { ...GET, method: "x-Y" }, ["x-Y /a?b HTTP/1.1", ...start.slice(1)], "none"],
  ];
  for (const [what, head, expected, framing, closes = false] of table) {
    test(what, () => {
      assert.deepEqual(lines(head), [...expected, "", ""]);
      const formatted = formatRequestHead(head);
      assert.equal(formatted.framing, framing);
      assert.equal(formatted.closes, closes);
    });
  }
});

describe("what could end a line, or be read as framing, is refused by name and without its value", () => {
  const value = "the value of X-A";
  const table: [what: string, head: Partial<RequestHead>, code: string, detail: string][] = [
    ["a line break in a value", { fields: ["X-A", `${SECRET}\r\nX-B: 1`] }, "HEADER_INVALID", value],
    ["a carriage return", { fields: ["X-A", `${SECRET}\r`] }, "HEADER_INVALID", value],
    ["a line feed", { fields: ["X-A", `\n${SECRET}`] }, "HEADER_INVALID", value],
    ["a NUL", { fields: ["X-A", `${SECRET}\0`] }, "HEADER_INVALID", value],
    ["a control character", { fields: ["X-A", `${SECRET}\x7f`] }, "HEADER_INVALID", value],
    ["a character that is no byte", { fields: ["X-A", `${SECRET}\u010a`] }, "HEADER_INVALID", value],
    ["no value", { fields: ["X-A"] }, "HEADER_INVALID", value],
    ["a value that is no text", { fields: ["X-A", 5 as unknown as string] }, "HEADER_INVALID", value],
    ["a whole line as a name", { fields: [`X-A: ${SECRET}`, ""] }, "HEADER_INVALID", "a name that begins with X-A"],
    ["a line break in a name", { fields: ["X-A\r\nX", SECRET] }, "HEADER_INVALID", "a name that begins with X-A"],
    ["an empty name", { fields: ["", SECRET] }, "HEADER_INVALID", "a name that is none"],
    ["a name that is no ASCII", { fields: ["\xe9", SECRET] }, "HEADER_INVALID", "a name that is none"],
    [
      "Transfer-Encoding",
      { fields: ["Transfer-Encoding", "chunked"] },
      "HEADER_INVALID",
      "the field Transfer-Encoding",
    ],
    ["Keep-Alive", { fields: ["keep-alive", "5"] }, "HEADER_INVALID", "the field keep-alive"],
    ["Upgrade", { fields: ["Upgrade", "h2c"] }, "HEADER_INVALID", "the field Upgrade"],
    ["Expect", { fields: ["expect", "100-continue"] }, "HEADER_INVALID", "the field expect"],
    ["TE", { fields: ["TE", "gzip"] }, "HEADER_INVALID", "the field TE"],
    ["an option of Connection", { fields: ["Connection", "close, x-a"] }, "HEADER_INVALID", "the field Connection"],
    ["two hosts", { fields: ["Host", "a", "host", "a"] }, "HEADER_INVALID", "the field host"],
    ["a host with a path", { fields: ["Host", "a/b"] }, "HEADER_INVALID", "the field Host"],
    ["two hosts in one", { fields: ["Host", "a, b"] }, "HEADER_INVALID", "the field Host"],
    [
      "two lengths",
      { content: 5, fields: ["Content-Length", "5", "content-length", "5"] },
      "HEADER_INVALID",
      "the field content-length",
    ],
    [
      "a length that is none",
      { content: 5, fields: ["Content-Length", "+5"] },
      "HEADER_INVALID",
      "the field Content-Length",
    ],
    [
      "another length",
      { content: 5, fields: ["Content-Length", "3"] },
      "OPTION_INVALID",
      "the body's length is not the Content-Length",
    ],
    [
      "a length without content",
      { fields: ["Content-Length", "3"] },
      "OPTION_INVALID",
      "the body's length is not the Content-Length",
    ],
    ["a method with a space", { method: "GET /" }, "OPTION_INVALID", "method"],
    ["no method", { method: "" }, "OPTION_INVALID", "method"],
    ["a target with a space", { target: `/a ${SECRET}` }, "OPTION_INVALID", "request target"],
    ["a target with a line break", { target: `/a\r\nX: ${SECRET}` }, "OPTION_INVALID", "request target"],
    ["a target that is no ASCII", { target: "/\xe9" }, "OPTION_INVALID", "request target"],
    ["no target", { target: "" }, "OPTION_INVALID", "request target"],
    ["a protocol with a line break", { upgrade: `x\r\nX: ${SECRET}` }, "HEADER_INVALID", "the value of upgrade"],
  ];
  for (const [what, head, code, detail] of table) {
    test(`${what}: ${code} (${detail})`, () => {
      assert.throws(
        () => formatRequestHead({ ...GET, peer: "a.example:80", ...head }),
        (error) => {
          assert.ok(error instanceof TypeError && isCodedError(error));
          assert.equal(error.code, code);
          assert.ok(error.message.startsWith("request a.example:80: "), error.message);
          assert.ok(error.message.includes(`(${detail})`), error.message);
          assert.ok(!error.message.includes(SECRET), error.message);
          return true;
        },
      );
    });
  }
});

test("whatever is passed, a head has its own lines and those of the fields, or there is none", () => {
  const text = fc.oneof(
    fc.string({
      unit: fc.constantFrom("a", "X", ":", " ", "\r", "\n", "\r\n", "\0", "\t", "\xe9", "\u010a", "1", ",", "-"),
    }),
    fc.constantFrom("Host", "content-length", "Connection", "close", "5", "transfer-encoding", "chunked"),
  );
  const head = fc.record({
    method: fc.oneof(fc.constantFrom("GET", "POST"), text),
    target: fc.oneof(fc.constant("/"), text),
    host: fc.constant("a.example"),
    fields: fc.array(text, { maxLength: 6 }),
    content: fc.constantFrom("none" as const, "stream" as const, 5, 0),
  });
  let accepted = 0;
  fc.assert(
    fc.property(head, (each) => {
      let formatted;
      try {
        formatted = formatRequestHead(each);
      } catch (error) {
        assert.ok(error instanceof TypeError && isCodedError(error));
        return;
      }
      accepted += 1;
      const { text: bytes, framing } = formatted;
      assert.ok(bytes.endsWith("\r\n\r\n"));
      const [first, ...rest] = bytes.slice(0, -4).split("\r\n");
      assert.equal(first, `${each.method} ${each.target} HTTP/1.1`);
      for (const line of rest) assert.match(line, /^[!#$%&'*+\-.^_`|~\w]+: [\t\x20-\x7e\x80-\xff]*$/);
      const named = (name: string): number => rest.filter((line) => line.toLowerCase().startsWith(`${name}: `)).length;
      assert.deepEqual([named("host"), named("connection")], [1, 1]);
      assert.equal(named("transfer-encoding"), framing === "chunked" ? 1 : 0);
      assert.ok(named("content-length") <= (framing === "chunked" ? 0 : 1));
      const given = each.fields.filter(
        (name, index) => index % 2 === 0 && !/^(?:host|connection|content-length)$/i.test(name),
      );
      const own = rest.filter((line) => !/^(?:host|connection|content-length|transfer-encoding): /i.test(line));
      assert.equal(own.length, given.length);
    }),
    { numRuns: 3_000, seed: 20_261_121 },
  );
  assert.ok(accepted > 300, `${String(accepted)} heads`);
});
