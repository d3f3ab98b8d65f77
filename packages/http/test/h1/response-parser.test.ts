import { Http1ResponseParser } from "@fairlead/http/h1";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { feedBytes, feedText, GET, latin1, type Feeding, type Told } from "./feeding.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const HEAD: Feeding = { context: { method: "HEAD", upgrade: false } };
const UPGRADE: Feeding = { context: { method: "GET", upgrade: true } };
const CONNECT: Feeding = { context: { method: "CONNECT", upgrade: false } };

/** Feeds both ways, which must tell the same. */
function told(text: string, feeding?: Feeding): Told {
  const whole = feedText(text, feeding);
  assert.deepEqual(feedBytes(latin1(text), feeding), whole, "byte by byte");
  return whole;
}

describe("responses end where RFC 9112 section 6.3 says", () => {
  const table: [what: string, text: string, body: string, reusable: boolean, feeding?: Feeding][] = [
    ["a length", `${OK}Content-Length: 5\r\n\r\nhello`, "hello", true],
    ["no content", `${OK}Content-Length: 0\r\n\r\n`, "", true],
    ["chunks", `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n`, "hello!", true],
    ["chunks, in capitals", `${OK}TRANSFER-ENCODING: CHUNKED\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n`, "0123456789", true],
    ["zeros before a size", `${OK}Transfer-Encoding: chunked\r\n\r\n005\r\nhello\r\n000\r\n\r\n`, "hello", true],
    ["extensions", `${OK}Transfer-Encoding: chunked\r\n\r\n2 ;a=b;c="d"\r\nok\r\n0;e\r\n\r\n`, "ok", true],
    ["the end of the stream", `${OK}\r\nuntil the end`, "until the end", false],
    ["HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nuntil the end", "until the end", false],
    ["HTTP/1.0 with a length", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", false],
    ["HTTP/1.0 kept", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok", "ok", true],
    ["a higher minor version", "HTTP/1.9 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", true],
    ["Connection: close", `${OK}Connection: x, Close\r\nContent-Length: 2\r\n\r\nok`, "ok", false],
    ["an option like close", `${OK}Connection: closed\r\nContent-Length: 2\r\n\r\nok`, "ok", true],
    ["HEAD", `${OK}Content-Length: 5\r\n\r\n`, "", true, HEAD],
    ["HEAD of chunks", `${OK}Transfer-Encoding: chunked\r\n\r\n`, "", true, HEAD],
    ["204", "HTTP/1.1 204 No Content\r\n\r\n", "", true],
    ["204 that speaks of a body", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", "", false],
    ["304", 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n', "", true],
    ["304 that speaks of a body", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "", false],
    ["a length said twice", `${OK}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`, "ok", true],
    ["a length said twice in one", `${OK}Content-Length: 2, 2\r\n\r\nok`, "ok", true],
    ["no reason", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok", "ok", true],
    ["no reason and no space", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", "ok", true],
    ["an empty line before", `\r\n${OK}Content-Length: 2\r\n\r\nok`, "ok", true],
    ["more than it has", `${OK}Content-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n`, "ok", false],
  ];
  for (const [what, text, body, reusable, feeding] of table) {
    test(what, () => {
      const { error, ...rest } = feedText(text, feeding);
      assert.equal(error, undefined);
      assert.equal(rest.body, body);
      assert.equal(rest.reusable, reusable);
      const single = feedBytes(latin1(text), feeding);
      assert.deepEqual([single.events, single.body, single.error], [rest.events, body, undefined]);
    });
  }
});

describe("what could be understood in two ways is refused by name", () => {
  const chunked = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
  const table: [text: string, detail: string][] = [
    [`${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`, "both Content-Length and Transfer-Encoding"],
    [`${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`, "different values of Content-Length"],
    [`${OK}Content-Length: 5, 6\r\n\r\n`, "different values of Content-Length"],
    [`${OK}Content-Length: 5\r\nContent-Length: 05\r\n\r\n`, "different values of Content-Length"],
    ...["-5", "+5", "5 5", "0x5", "five", "", "5,", "9007199254740992", "99999999999999999999"].map(
      (value): [string, string] => [`${OK}Content-Length: ${value}\r\n\r\n`, "an impossible Content-Length"],
    ),
    ...["gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "xchunked", "chunked;q=1", "identity", ""].map(
      (value): [string, string] => [
        `${OK}Transfer-Encoding: ${value}\r\n\r\n`,
        "a transfer coding that nobody asked for",
      ],
    ),
    [
      `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
      "a transfer coding that nobody asked for",
    ],
    ["HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "a Transfer-Encoding in HTTP/1.0"],
    [`HTTP/1.1 101 x\r\nUpgrade: x\r\n\r\n`, "a switch of protocols that nothing in the request asks for"],
    [`${OK}X: a\rb\r\n\r\n`, "a carriage return without a line feed"],
    [`HTTP/1.1 200 OK\r\rX: a\r\n\r\n`, "a carriage return without a line feed"],
    ["HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "a line feed without a carriage return"],
    [`${OK}X: a\n\r\n`, "a line feed without a carriage return"],
    [`${OK}X: a\r\n b\r\n\r\n`, "a folded field line"],
    [`${OK} X: a\r\n\r\n`, "a folded field line"],
    [`${OK}\tX: a\r\n\r\n`, "a folded field line"],
    [`${OK}X : a\r\n\r\n`, "whitespace before a colon"],
    [`${OK}X\t: a\r\n\r\n`, "whitespace before a colon"],
    [`${OK}X a: a\r\n\r\n`, "an invalid character in a field name"],
    [`${OK}X@: a\r\n\r\n`, "an invalid character in a field name"],
    [`${OK}\xe9: a\r\n\r\n`, "an invalid character in a field name"],
    [`${OK}: a\r\n\r\n`, "a field without a name"],
    [`${OK}X\r\n\r\n`, "a field line without a colon"],
    [`${OK}X: \0\r\n\r\n`, "a NUL character"],
    [`${OK}X: \x1b[31m\r\n\r\n`, "a control character"],
    [`${OK}X: \x7f\r\n\r\n`, "a control character"],
    ["HTTP/1.1 200 O\0K\r\n\r\n", "a NUL character"],
    ["HTTP/1.1  200 OK\r\n\r\n", "a status that is no number of three digits"],
    ["HTTP/1.1 20 OK\r\n\r\n", "a status that is no number of three digits"],
    ["HTTP/1.1 2000 OK\r\n\r\n", "a status that is no number of three digits"],
    ["HTTP/1.1 099 OK\r\n\r\n", "a status that is no number of three digits"],
    ["HTTP/1.1 okay\r\n\r\n", "a status that is no number of three digits"],
    ["HTTP/1.1\r\n\r\n", "a status that is no number of three digits"],
    ["HTTP/1.x 200 OK\r\n\r\n", "an invalid HTTP version"],
    ["HTTP/1.11 200 OK\r\n\r\n", "an invalid HTTP version"],
    ["HTTP/2 200\r\n\r\n", "it does not begin with HTTP/1"],
    ["http/1.1 200 OK\r\n\r\n", "it does not begin with HTTP/1"],
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "it does not begin with HTTP/1"],
    ["\0\0\x12\x04\0\0\0\0\0", "it does not begin with HTTP/1"],
    ["\x15\x03\x01\0\x02\x02\x16", "it does not begin with HTTP/1"],
    ["SSH-2.0-OpenSSH\r\n", "it does not begin with HTTP/1"],
    ["<html>", "it does not begin with HTTP/1"],
    [`\r\n\r\n${OK}\r\n`, "it does not begin with HTTP/1"],
    ["\nHTTP/1.1 200 OK\r\n\r\n", "it does not begin with HTTP/1"],
    ...["", "-1", "+1", "0x1", " 1", "g", ";a", "\n"].map((size): [string, string] => [
      `${chunked}${size}\r\n`,
      "a chunk size that is no hexadecimal number",
    ]),
    [`${chunked}5 \r\nhello`, "a chunk size that is no hexadecimal number"],
    [`${chunked}5\nhello`, "a chunk size that is no hexadecimal number"],
    [`${chunked}20000000000000\r\n`, "an impossible chunk size"],
    [`${chunked}fffffffffffffffff\r\n`, "an impossible chunk size"],
    [`${chunked}${"0".repeat(17)}\r\n`, "an impossible chunk size"],
    [`${chunked}5;a=\n`, "a line feed without a carriage return"],
    [`${chunked}5;a=\0`, "a control character"],
    [`${chunked}5;\rx`, "a carriage return without a line feed"],
    [`${chunked}5\rhello`, "a carriage return without a line feed"],
    [`${chunked}5\r\nhello!\r\n0\r\n\r\n`, "a chunk that is longer than its size"],
    [`${chunked}5\r\nhello\n0\r\n\r\n`, "a chunk that is longer than its size"],
    [`${chunked}5\r\nhello\r0\r\n\r\n`, "a carriage return without a line feed"],
    [`${chunked}0\r\nX\r\n\r\n`, "a field line without a colon"],
    [`${chunked}0\r\nX: a\n\r\n`, "a line feed without a carriage return"],
    [`${chunked}0\r\n\n`, "a line feed without a carriage return"],
  ];
  for (const [text, detail] of table) {
    test(`${JSON.stringify(text)}: ${detail}`, () => {
      for (const ends of [true, false]) {
        assert.equal(told(text, { ends }).error, `RESPONSE_MALFORMED (${detail})`, `ends: ${String(ends)}`);
      }
    });
  }
});

describe("a stream that ends too early", () => {
  const table: [text: string, error: string][] = [
    ["", "RESPONSE_MISSING"],
    ["\r", "RESPONSE_MISSING (it broke off within the head)"],
    ["HTTP/1.1 200 OK\r", "RESPONSE_MISSING (it broke off within the head)"],
    [`${OK}Content-Length: 5\r\n`, "RESPONSE_MISSING (it broke off within the head)"],
    [`${OK}X\r\n`, "RESPONSE_MALFORMED (a field line without a colon)"],
    [`${OK}Content-Length: 5\r\n\r\nhell`, "RESPONSE_TRUNCATED"],
    ...[
      "",
      "5",
      "5\r",
      "5\r\n",
      "5\r\nhell",
      "5\r\nhello",
      "5\r\nhello\r",
      "0",
      "0\r\n",
      "0\r\n\r",
      "0\r\nX: a\r\n",
    ].map((body): [string, string] => [`${OK}Transfer-Encoding: chunked\r\n\r\n${body}`, "RESPONSE_TRUNCATED"]),
  ];
  for (const [text, error] of table) {
    test(`${JSON.stringify(text)}: ${error}`, () => {
      assert.equal(told(text).error, error);
    });
  }
});

test("fields are read by name: their whitespace goes, their order stays, and any name may come", () => {
  const lines =
    "Set-Cookie: a\r\nX-Empty:\r\nset-cookie:\t b c \t\r\n__proto__: p\r\nConstructor: c\r\nX: \xe9\r\nset-COOKIE: d\r\n";
  const { events } = told(`${OK}${lines}Content-Length: 0\r\n\r\n`);
  const [, , , , list, fields] = events[0] as [string, number, number, string, string[], Record<string, unknown>];
  assert.deepEqual(list.slice(0, 6), ["Set-Cookie", "a", "X-Empty", "", "set-cookie", "b c"]);
  assert.deepEqual(Object.entries(fields), [
    ["set-cookie", ["a", "b c", "d"]],
    ["x-empty", ""],
    ["__proto__", "p"],
    ["constructor", "c"],
    ["x", "\xe9"],
    ["content-length", "0"],
  ]);
});

test("interim responses come before the head, trailers at the end", () => {
  const interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  const { events, reusable } = told(
    `${interim}${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\nx-t: 2\r\n\r\n`,
  );
  assert.deepEqual(
    events.map((event) => (event as unknown[])[0]),
    ["interim", "interim", "head", "end"],
  );
  assert.deepEqual({ ...((events[3] as unknown[])[1] as object) }, { "x-t": ["1", "2"] });
  assert.equal(reusable, true);
});

test("an interim response that speaks of a body, or of the end, leaves nothing to be used again", () => {
  for (const field of ["Content-Length: 5", "Connection: close"]) {
    const interim = `HTTP/1.1 100 Continue\r\n${field}\r\n\r\n`;
    assert.equal(told(`${interim}${OK}Content-Length: 2\r\n\r\nok`).reusable, false);
  }
});

test("another protocol begins where the head ends", () => {
  const switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n";
  assert.equal(feedText(`${switching}binary`, UPGRADE).taken, switching.length);
  assert.equal(feedText(`${OK}\r\nbinary`, CONNECT).taken, OK.length + 2);
  assert.equal(feedText("HTTP/1.1 407 x\r\nContent-Length: 2\r\n\r\nno", CONNECT).body, "no");
});

describe("limits", () => {
  const head = `${OK}X: ${"x".repeat(100)}\r\n\r\n`;
  test("a head may have just as many bytes as the limit", () => {
    assert.equal(told(head, { limits: { headBytes: head.length } }).error, undefined);
    for (const headBytes of [head.length - 1, 50, 10]) {
      assert.equal(told(head, { limits: { headBytes }, ends: false }).error, "RESPONSE_HEADERS_TOO_LARGE");
    }
  });

  test("of 64 KiB by default, which are collected in pieces", () => {
    const fits = `${OK}X: ${"x".repeat(65_000)}\r\n\r\n`;
    assert.equal(told(fits).error, undefined);
    assert.equal(told(`${OK}X: ${"x".repeat(66_000)}\r\n\r\n`).error, "RESPONSE_HEADERS_TOO_LARGE");
    assert.equal(feedText(`${OK}${"X: y\r\n".repeat(20_000)}\r\n`).error, "RESPONSE_HEADERS_TOO_LARGE");
  });

  test("fields are counted", () => {
    assert.equal(told(`${OK}${"X: y\r\n".repeat(1_000)}\r\n`).error, undefined);
    const error = "RESPONSE_HEADERS_TOO_LARGE (more than 1000 fields)";
    assert.equal(told(`${OK}${"X: y\r\n".repeat(1_001)}\r\n`).error, error);
  });

  test("trailers have their own", () => {
    const start = `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n`;
    assert.equal(told(`${start}X: ${"x".repeat(16_000)}\r\n\r\n`).error, undefined);
    assert.equal(told(`${start}X: ${"x".repeat(17_000)}\r\n\r\n`).error, "RESPONSE_HEADERS_TOO_LARGE");
  });

  test("extensions of all chunks together, too", () => {
    const chunks = `1;${"x".repeat(999)}\r\nx\r\n`.repeat(17);
    const { error } = told(`${OK}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);
    assert.equal(error, "RESPONSE_MALFORMED (more than 16384 bytes of chunk extensions)");
  });
});

describe("a parser", () => {
  const nothing = (): void => undefined;
  const sink = { onInterim: nothing, onHead: nothing, onBody: nothing, onEnd: nothing, onUpgrade: nothing };

  test("refuses what comes before any request, and everything after that", () => {
    const parser = new Http1ResponseParser(sink, { peer: "a.example:80" });
    assert.equal(parser.read(latin1("")), 0);
    const malformed = { code: "RESPONSE_MALFORMED", message: /^request a\.example:80: .*bytes that nobody asked for/ };
    assert.throws(() => parser.read(latin1("HTTP/1.1 200 OK\r\n\r\n")), malformed);
    assert.throws(() => parser.read(latin1("x")), malformed);
    assert.throws(() => {
      parser.end();
    }, malformed);
  });

  test("reads one response after another", () => {
    const ends: boolean[] = [];
    const parser = new Http1ResponseParser({ ...sink, onEnd: (_, reusable) => ends.push(reusable) });
    for (let times = 0; times < 3; times += 1) {
      parser.begin(GET);
      assert.equal(parser.hasBegun, false);
      parser.read(latin1(`${OK}Transfer-Encoding: chunked\r\n\r\n1;a\r\nx\r\n0\r\nX: y\r\n\r\n`));
      assert.equal(parser.hasBegun, true);
      assert.equal(parser.isIdle, true);
    }
    assert.deepEqual(ends, [true, true, true]);
  });

  test("tells nothing while it is paused, not even the end", () => {
    const events: string[] = [];
    const parser: Http1ResponseParser = new Http1ResponseParser({
      ...sink,
      onHead: () => {
        events.push("head");
        parser.pause();
      },
      onBody: (piece) => {
        events.push(Buffer.from(piece).toString());
        parser.pause();
      },
      onEnd: () => events.push("end"),
    });
    parser.begin(GET);
    const bytes = latin1(`${OK}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n`);
    const steps = ["head", "a", "b", "end"];
    for (let at = 0, step = 1; step <= steps.length; step += 1) {
      parser.resume();
      at = parser.read(bytes, at);
      assert.deepEqual(events, steps.slice(0, step));
      assert.equal(parser.read(bytes, at), at);
    }
    parser.begin(GET);
    parser.read(latin1(`${OK}Content-Length: 1\r\n\r\n`));
    parser.resume();
    parser.read(latin1("x"));
    parser.resume();
    parser.read(latin1(""));
    assert.deepEqual(events.slice(4), ["head", "x", "end"]);
  });

  test("hands out parts of what it was fed, not copies", () => {
    const bytes = latin1(`${OK}Content-Length: 5\r\n\r\nhello`);
    const pieces: Uint8Array[] = [];
    const parser = new Http1ResponseParser({ ...sink, onBody: (piece) => pieces.push(piece) });
    parser.begin(GET);
    parser.read(bytes);
    assert.equal(pieces[0]?.buffer, bytes.buffer);
    assert.equal(pieces[0].byteOffset, bytes.byteOffset + bytes.length - 5);
  });
});
