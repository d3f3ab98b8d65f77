import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import { fixedReply, type FixedReply } from "./fixed-reply.ts";
import { rawHead } from "./raw-reply.ts";

const framing = "Content-Length: 5";
const body = "hello";

/** Endpoints that break the grammar of HTTP/1.1 (RFC 9112). All of them close the connection. */
export const malformedFamily: EndpointFamily = endpointFamily(
  "malformed",
  "break the grammar of HTTP/1.1 (RFC 9112), then close",
  [
    ...statusLines(),
    ...fields(),
    ...lineEnds(),
    ...chunks(),
    {
      path: "/malformed/not-http",
      does: "answers in another protocol",
      bytes: "SSH-2.0-fairlead_testserver\r\n",
    },
    {
      path: "/malformed/http-0.9",
      does: "answers with a body and nothing before it, as HTTP/0.9 did",
      bytes: "<html>hello</html>\n",
    },
    {
      path: "/malformed/binary",
      does: "answers with bytes from 0 to 255",
      bytes: String.fromCharCode(...Array.from({ length: 256 }, (_, index) => index)),
    },
    {
      path: "/malformed/two-responses",
      does: "answers one request with two responses in one piece",
      bytes: `${rawHead("200 OK", framing)}${body}${rawHead("200 OK", framing)}again`,
    },
    {
      path: "/malformed/interim",
      does: "sends a hundred 103 responses before the final one, which is allowed",
      bytes: rawHead("103 Early Hints").repeat(100) + rawHead("200 OK", framing) + body,
    },
  ].map(fixedReply),
);

/** RFC 9112 section 4. */
function statusLines(): readonly FixedReply[] {
  const rest = `\r\n${framing}\r\n\r\n${body}`;
  const lines = [
    ["status-word", "sends a status that is not a number", "HTTP/1.1 okay OK"],
    ["status-short", "sends a status of two digits", "HTTP/1.1 20 OK"],
    ["status-long", "sends a status of four digits", "HTTP/1.1 2000 OK"],
    ["status-missing", "sends a status line without a status", "HTTP/1.1"],
    ["version", "answers as HTTP/9.9", "HTTP/9.9 200 OK"],
    ["version-word", "answers as HTTP/one", "HTTP/one 200 OK"],
    [
      "reason-missing",
      "leaves out the reason phrase and the space before it, which clients may accept",
      "HTTP/1.1 200",
    ],
    ["reason-empty", "sends an empty reason phrase, which is allowed", "HTTP/1.1 200 "],
  ] as const;
  return lines.map(([name, does, line]) => ({ path: `/malformed/${name}`, does, bytes: line + rest }));
}

/** RFC 9112 section 5. */
function fields(): readonly FixedReply[] {
  const lines = [
    ["field-colon", "sends a header line without a colon", "X-Bad value"],
    ["field-space", "sends a space between field name and colon", "X-Bad : value"],
    ["field-name", "sends a field name with a character that names must not have", "X-B@d: value"],
    ["field-name-empty", "sends a header line that begins with the colon", ": value"],
    ["field-nul", "sends a NUL in a field value", "X-Bad: va\0lue"],
    ["field-utf8", "sends UTF-8 in a field value, which is opaque but allowed", "X-Bad: \xc3\xa9"],
    ["obs-fold", "folds a header line in the obsolete way (section 5.2)", "X-Folded: one\r\n two"],
    ["obs-fold-first", "folds the line after the status line", " X-Folded: one"],
  ] as const;
  return lines.map(([name, does, line]) => {
    return { path: `/malformed/${name}`, does, bytes: rawHead("200 OK", line, framing) + body };
  });
}

/** RFC 9112 section 2.2. */
function lineEnds(): readonly FixedReply[] {
  return [
    {
      path: "/malformed/bare-lf",
      does: "ends header lines with LF alone, which clients may accept",
      bytes: `HTTP/1.1 200 OK\n${framing}\n\n${body}`,
    },
    {
      path: "/malformed/bare-cr",
      does: "sends a CR in the middle of a field value",
      bytes: rawHead("200 OK", "X-Bad: one\rX-Smuggled: two", framing) + body,
    },
    {
      path: "/malformed/leading-crlf",
      does: "sends an empty line before the status line",
      bytes: `\r\n${rawHead("200 OK", framing)}${body}`,
    },
  ];
}

/** RFC 9112 section 7.1. */
function chunks(): readonly FixedReply[] {
  const bodies = [
    ["chunk-size", "sends a chunk size that is not hexadecimal", "five\r\nhello\r\n0\r\n\r\n"],
    ["chunk-overflow", "sends a chunk size beyond 64 bits", "fffffffffffffffff\r\nhello\r\n0\r\n\r\n"],
    ["chunk-long", "sends more bytes than the chunk size says", "5\r\nhello and more\r\n0\r\n\r\n"],
    ["chunk-line-end", "ends a chunk with LF alone", "5\r\nhello\n0\r\n\r\n"],
    ["chunk-trailer", "sends a malformed trailer field", "5\r\nhello\r\n0\r\nX-Bad value\r\n\r\n"],
    ["chunk-extension", "sends a chunk extension, which is allowed", '5;name="value"\r\nhello\r\n0\r\n\r\n'],
  ] as const;
  return [
    ...bodies.map(([name, does, bytes]) => {
      return { path: `/malformed/${name}`, does, bytes: rawHead("200 OK", "Transfer-Encoding: chunked") + bytes };
    }),
    {
      path: "/malformed/transfer-coding",
      does: "sends a Transfer-Encoding that nobody knows",
      bytes: `${rawHead("200 OK", "Transfer-Encoding: fairlead")}${body}`,
    },
  ];
}
