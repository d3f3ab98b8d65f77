/** What a server of HTTP/1.1 makes of bytes that a client sends. */
export interface Http1Case {
  /** `9112 6.1`: the RFC and its section. */
  readonly section: string;
  readonly what: string;
  /** One character a byte. */
  readonly sent: string;
  /** The statuses that must come back, in order; interim ones left out. */
  readonly statuses: readonly number[];
  /** What the handler must have seen of its requests, in order; `undefined` where only the statuses matter. */
  readonly seen?: readonly Partial<SeenRequest>[];
  /** Whether the connection still serves a request that follows: not after a refusal. */
  readonly keeps: boolean;
}

/** A request, as the handler of the server under test describes it. */
export interface SeenRequest {
  readonly version: string;
  readonly method: string;
  readonly authority: string;
  readonly path: string;
  /** Names in lower case and values in turn, without Host. */
  readonly fields: readonly string[];
  /** One character a byte. */
  readonly body: string;
  readonly trailers: readonly string[];
}

/** The limits that the server under test must have for the cases. */
export const HTTP1_CASE_LIMITS = { targetBytes: 200, fieldsBytes: 1_000, fields: 20, bodyBytes: 100 } as const;

const HOST = "Host: a.example\r\n";
const GET = `GET / HTTP/1.1\r\n${HOST}`;
const POST = `POST / HTTP/1.1\r\n${HOST}`;
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;

/** One that is answered, and its connection kept. */
function served(section: string, what: string, sent: string, ...seen: readonly Partial<SeenRequest>[]): Http1Case {
  const requests = seen.length === 0 ? [{}] : seen;
  return { section, what, sent, statuses: requests.map(() => 200), seen: requests, keeps: true };
}

/** One that is answered, and its connection closed. */
function servedLast(section: string, what: string, sent: string, ...seen: readonly Partial<SeenRequest>[]): Http1Case {
  return { ...served(section, what, sent, ...seen), keeps: false };
}

/** One that no handler sees: answered with a status, and its connection closed. */
function refused(section: string, status: number, what: string, sent: string): Http1Case {
  return { section, what, sent, statuses: [status], seen: [], keeps: false };
}

/** Lines and framing of whole messages. */
const MESSAGES: readonly Http1Case[] = [
  served("9112 2.2", "an empty line before a request is passed over", `\r\n${GET}\r\n`),
  served("9112 2.2", "four are", `\r\n\r\n\r\n\r\n${GET}\r\n`),
  served("9112 2.2", "one between two requests is", `${GET}\r\n\r\n${GET}\r\n`, {}, {}),
  refused("9112 2.2", 400, "empty lines without end are refused", `\r\n\r\n\r\n\r\n\r\n${GET}\r\n`),
  refused("9112 2.2", 400, "a bare LF before a request", `\n${GET}\r\n`),
  refused("9112 2.2", 400, "a bare CR before a request", `\r${GET}\r\n`),
  refused("9112 2.2", 400, "a bare LF ends a request line", `GET / HTTP/1.1\n${HOST}\r\n`),
  refused("9112 2.2", 400, "a bare LF ends a field line", `${GET}X: 1\n\r\n`),
  refused("9112 2.2", 400, "a bare LF ends the head", `${GET}\n`),
  refused("9112 2.2", 400, "bare LFs throughout", "GET / HTTP/1.1\nHost: a.example\n\n"),
  refused("9112 2.2", 400, "a bare CR in a request line", `GET /\r HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 2.2", 400, "a bare CR in a value", `${GET}X: a\rb\r\n\r\n`),
  refused("9112 2.2", 400, "a bare CR before a field's end", `${GET}X: a\r\r\n\r\n`),
  refused("9112 2.2", 400, "whitespace between the request line and the first field", `GET / HTTP/1.1\r\n ${HOST}\r\n`),
  refused("9112 2.2", 400, "what is not HTTP: a TLS handshake", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
  refused("9112 2.2", 400, "what is not HTTP: another protocol", "EHLO a.example\r\n\r\n"),
  served("9112 2.3", "a higher minor version is taken for 1.1", `GET / HTTP/1.7\r\n${HOST}\r\n`, { version: "1.1" }),
  servedLast("9112 2.3", "HTTP/1.0 is answered", `GET / HTTP/1.0\r\n${HOST}\r\n`, { version: "1.0" }),
  refused("9112 2.3", 505, "HTTP/2.0", `GET / HTTP/2.0\r\n${HOST}\r\n`),
  refused("9112 2.3", 505, "HTTP/0.9 with a version", `GET / HTTP/0.9\r\n${HOST}\r\n`),
  refused("9112 2.3", 505, "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  refused("9112 2.3", 400, "a version in lower case", `GET / http/1.1\r\n${HOST}\r\n`),
  refused("9112 2.3", 400, "a version of two digits", `GET / HTTP/1.10\r\n${HOST}\r\n`),
  refused("9112 2.3", 400, "a version without a point", `GET / HTTP/1\r\n${HOST}\r\n`),
  refused("9112 2.3", 400, "another protocol's version", `GET / RTSP/1.0\r\n${HOST}\r\n`),
];

/** RFC 9112 section 3. */
const REQUEST_LINES: readonly Http1Case[] = [
  served("9112 3", "a method of one's own", `BREW / HTTP/1.1\r\n${HOST}\r\n`, { method: "BREW" }),
  served("9112 3.1", "a method's case matters", `get / HTTP/1.1\r\n${HOST}\r\n`, { method: "get" }),
  refused("9112 3", 400, "no version", `GET /\r\n${HOST}\r\n`),
  refused("9112 3", 400, "two spaces after the method", `GET  / HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3", 400, "two spaces after the target", `GET /  HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3", 400, "a space behind the version", `GET / HTTP/1.1 \r\n${HOST}\r\n`),
  refused("9112 3", 400, "a tab for a space", `GET\t/ HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3", 400, "a space before the method", ` ${GET}\r\n`),
  refused("9112 3.1", 400, "a method that is no token", `GE(T / HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3.1", 501, "a method that nobody can know", `${"M".repeat(33)} / HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3.2", 400, "a fragment in a target", `GET /a#b HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3.2", 400, "a space in a target", `GET /a b HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3.2", 400, "a byte above 127 in a target", `GET /\xe9 HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3.2", 400, "a path without its slash", `GET a HTTP/1.1\r\n${HOST}\r\n`),
  served("9112 3", "a target of just the limit", `GET /${"a".repeat(199)} HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3", 414, "a target of one more", `GET /${"a".repeat(200)} HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3", 414, "a target that does not end", `GET /${"a".repeat(2_000)}`),
  served("9112 3.2.1", "path and query as they came", `GET /a/../b%2f?c=%20&d HTTP/1.1\r\n${HOST}\r\n`, {
    path: "/a/../b%2f?c=%20&d",
    authority: "a.example",
  }),
  served("9112 3.2.1", "a path of two slashes is no authority", `GET //b.example/ HTTP/1.1\r\n${HOST}\r\n`, {
    path: "//b.example/",
    authority: "a.example",
  }),
  served("9112 3.2.2", "a URL", `GET http://a.example/b?c HTTP/1.1\r\n${HOST}\r\n`, {
    path: "/b?c",
    authority: "a.example",
  }),
  served("9112 3.2.2", "a URL without a path", `GET http://a.example HTTP/1.1\r\n${HOST}\r\n`, { path: "/" }),
  served("9112 3.2.2", "a URL with a query alone", `GET http://a.example?q HTTP/1.1\r\n${HOST}\r\n`, { path: "/?q" }),
  served("9112 3.2.2", "a URL in other letters", `GET HTTP://A.EXAMPLE/ HTTP/1.1\r\n${HOST}\r\n`, { path: "/" }),
  refused("9112 3.2.2", 400, "a URL of another host", `GET http://b.example/ HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3.2.2", 400, "a URL with user information", `GET http://u@a.example/ HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3.2.2", 400, "a URL without a host", `GET http:/// HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3.2.2", 400, "a URL of another scheme", `GET ftp://a.example/ HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3.2.2", 400, "a URL without Host", "GET http://a.example/ HTTP/1.1\r\n\r\n"),
  refused("9112 3.2.3", 501, "CONNECT", `CONNECT a.example:443 HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3.2.3", 400, "CONNECT of a path", `CONNECT / HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3.2.3", 400, "a host and port with another method", `GET a.example:80 HTTP/1.1\r\n${HOST}\r\n`),
  served("9112 3.2.4", "OPTIONS of the server", `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, { path: "*" }),
  served("9112 3.2.4", "the same through a proxy", `OPTIONS http://a.example HTTP/1.1\r\n${HOST}\r\n`, { path: "*" }),
  refused("9112 3.2.4", 400, "* with another method", `GET * HTTP/1.1\r\n${HOST}\r\n`),
  refused("9112 3.2", 400, "no Host", "GET / HTTP/1.1\r\n\r\n"),
  refused("9112 3.2", 400, "two Hosts", `${GET}Host: b.example\r\n\r\n`),
  refused("9112 3.2", 400, "two equal Hosts", `${GET}host: a.example\r\n\r\n`),
  refused("9112 3.2", 400, "two Hosts in one", "GET / HTTP/1.1\r\nHost: a.example, b.example\r\n\r\n"),
  refused("9112 3.2", 400, "a Host with user information", "GET / HTTP/1.1\r\nHost: u@a.example\r\n\r\n"),
  refused("9112 3.2", 400, "a Host with a path", "GET / HTTP/1.1\r\nHost: a.example/b\r\n\r\n"),
  refused("9112 3.2", 400, "a Host with a port that is none", "GET / HTTP/1.1\r\nHost: a.example:b\r\n\r\n"),
  refused("9112 3.3", 400, "an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
  served("9112 3.2", "a Host with a port", "GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", {
    authority: "a.example:8080",
  }),
  served("9112 3.2", "an IPv6 Host", "GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n", {
    authority: "[2001:db8::1]:80",
  }),
  servedLast("9112 3.2", "HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", { authority: "" }),
];

/** RFC 9112 section 5, and what RFC 6585 adds. */
const FIELDS: readonly Http1Case[] = [
  served("9112 5", "whitespace around a value goes", `${GET}X: \t a  b\t \r\nY:c\r\n\r\n`, {
    fields: ["x", "a  b", "y", "c"],
  }),
  served("9112 5", "an empty value", `${GET}X:\r\nY: \r\n\r\n`, { fields: ["x", "", "y", ""] }),
  served("9110 5.5", "bytes above 127 in a value", `${GET}X: \xe9\xff\r\n\r\n`, { fields: ["x", "\xe9\xff"] }),
  served("9110 5.3", "one name again and again, in order", `${GET}X: 1\r\nY: 2\r\nx: 3\r\n\r\n`, {
    fields: ["x", "1", "y", "2", "x", "3"],
  }),
  served("9110 5.1", "names that objects have", `${GET}__proto__: 1\r\nConstructor: 2\r\n\r\n`, {
    fields: ["__proto__", "1", "constructor", "2"],
  }),
  refused("9112 5", 400, "a line without a colon", `${GET}X\r\n\r\n`),
  refused("9112 5", 400, "no name", `${GET}: 1\r\n\r\n`),
  refused("9112 5.1", 400, "a space before the colon", `${GET}X : 1\r\n\r\n`),
  refused("9112 5.1", 400, "a tab before the colon", `${GET}X\t: 1\r\n\r\n`),
  refused("9112 5.1", 400, "a space before the colon of a length", `${POST}Content-Length : 5\r\n\r\nhello`),
  refused("9110 5.1", 400, "a name that is no token", `${GET}X(Y): 1\r\n\r\n`),
  refused("9110 5.1", 400, "a name with a byte above 127", `${GET}X\xe9: 1\r\n\r\n`),
  refused("9110 5.5", 400, "a NUL in a value", `${GET}X: a\0b\r\n\r\n`),
  refused("9110 5.5", 400, "a control character in a value", `${GET}X: a\x08b\r\n\r\n`),
  refused("9110 5.5", 400, "a DEL in a value", `${GET}X: \x7f\r\n\r\n`),
  refused("9112 5.2", 400, "a line folded with a space", `${GET}X: a\r\n b\r\n\r\n`),
  refused("9112 5.2", 400, "a line folded with a tab", `${GET}X: a\r\n\tb\r\n\r\n`),
  refused("9112 5.2", 400, "a folded length", `${POST}Content-Length:\r\n 5\r\n\r\nhello`),
  served("6585 5", "as many fields as the limit", `${GET}${"X: 1\r\n".repeat(19)}\r\n`),
  refused("6585 5", 431, "one field more", `${GET}${"X: 1\r\n".repeat(20)}\r\n`),
  refused("6585 5", 431, "fields that are too large", `${GET}X: ${"a".repeat(1_000)}\r\n\r\n`),
  refused("6585 5", 431, "a field that does not end", `${GET}X: ${"a".repeat(3_000)}`),
];

/** RFC 9112 section 6. */
const FRAMING: readonly Http1Case[] = [
  served("9112 6.2", "a length", `${POST}Content-Length: 5\r\n\r\nhello`, { body: "hello" }),
  served("9112 6.2", "a length of 0", `${POST}Content-Length: 0\r\n\r\n`, { body: "" }),
  served("9112 6.2", "zeros before a length", `${POST}Content-Length: 005\r\n\r\nhello`, { body: "hello" }),
  served("9112 6.3", "no length and no coding: no content", `${POST}\r\n`, { body: "" }),
  served("9110 9.3.1", "content of GET is read", `${GET}Content-Length: 2\r\n\r\nok${GET}\r\n`, { body: "ok" }, {}),
  refused(
    "9112 6.3",
    400,
    "a length, then a coding",
    `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ),
  refused(
    "9112 6.3",
    400,
    "a coding, then a length",
    `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  ),
  refused(
    "9112 6.1",
    400,
    "a coding in HTTP/1.0",
    `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ),
  refused("9112 6.3", 400, "two lengths", `${POST}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`),
  refused("9112 6.3", 400, "two equal lengths", `${POST}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`),
  refused("9112 6.3", 400, "two lengths in one", `${POST}Content-Length: 5, 5\r\n\r\nhello`),
  ...["+5", "-5", "5 5", "0x5", "five", "", "5.0", "5e0", "5;", '"5"', "\xb25"].map((value) =>
    refused("9112 6.3", 400, `a length of ${JSON.stringify(value)}`, `${POST}Content-Length: ${value}\r\n\r\nhello`),
  ),
  refused("9110 15.5.14", 413, "a length above the limit", `${POST}Content-Length: 101\r\n\r\n`),
  refused("9110 8.6", 413, "a length above every number", `${POST}Content-Length: ${"9".repeat(40)}\r\n\r\n`),
  served("9112 7", "chunked in capitals", `${POST}TRANSFER-ENCODING: CHUNKED\r\n\r\n0\r\n\r\n`, { body: "" }),
  refused("9112 6.1", 501, "another coding before chunked", `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`),
  refused(
    "9112 6.1",
    501,
    "the same in two fields",
    `${POST}Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n`,
  ),
  ...["gzip", "identity", "chunked, identity", "chunked, gzip", "xchunked", "chunked,", ",", "chunked;a=b", ""].map(
    (value) =>
      refused(
        "9112 6.3",
        400,
        `a last coding that is not chunked: ${JSON.stringify(value)}`,
        `${POST}Transfer-Encoding: ${value}\r\n\r\n0\r\n\r\n`,
      ),
  ),
  refused("9112 6.1", 400, "chunked twice", `${POST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`),
  refused(
    "9112 6.1",
    400,
    "chunked in two fields",
    `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
  ),
  refused(
    "9112 6.1",
    400,
    "a coding with a control character",
    `${POST}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`,
  ),
];

/** RFC 9112 section 7. What is refused here is found when the handler has the request already. */
const CHUNKS: readonly Http1Case[] = [
  served("9112 7.1", "chunks", `${CHUNKED}5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n`, { body: "hello!" }),
  served("9112 7.1", "hexadecimal in both cases", `${CHUNKED}a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n`, {
    body: "01234567890123456789",
  }),
  served("9112 7.1", "zeros before a size", `${CHUNKED}005\r\nhello\r\n000\r\n\r\n`, { body: "hello" }),
  served("9112 7.1", "data that looks like chunks", `${CHUNKED}5\r\n0\r\n\r\n\r\n0\r\n\r\n`, { body: "0\r\n\r\n" }),
  served("9112 7.1.1", "extensions are passed over", `${CHUNKED}2;a=b;c="d"\r\nok\r\n0;e\r\n\r\n`, { body: "ok" }),
  served("9112 7.1.1", "whitespace before an extension", `${CHUNKED}2 ;a\r\nok\r\n0\r\n\r\n`, { body: "ok" }),
  refused("9112 7.1.1", 400, "extensions without end", `${CHUNKED}2;${"a".repeat(5_000)}\r\nok\r\n0\r\n\r\n`),
  ...["", "g", "-5", "+5", "0x5", " 5", "5 ", "5\t", "5,", "fffffffffffffffff", "20000000000000"].map((size) =>
    refused("9112 7.1", 400, `a size of ${JSON.stringify(size)}`, `${CHUNKED}${size}\r\nhello\r\n0\r\n\r\n`),
  ),
  refused("9112 7.1", 400, "a bare LF after a size", `${CHUNKED}5\nhello\r\n0\r\n\r\n`),
  refused("9112 7.1", 400, "a bare LF after an extension", `${CHUNKED}5;a\nhello\r\n0\r\n\r\n`),
  refused("9112 7.1", 400, "a bare CR in an extension", `${CHUNKED}5;a\rb\r\nhello\r\n0\r\n\r\n`),
  refused("9112 7.1", 400, "a chunk that is longer than its size", `${CHUNKED}4\r\nhello\r\n0\r\n\r\n`),
  refused("9112 7.1", 400, "a bare LF after the data", `${CHUNKED}5\r\nhello\n0\r\n\r\n`),
  refused("9110 15.5.14", 413, "chunks above the limit", `${CHUNKED}64\r\n${"a".repeat(100)}\r\n1\r\na\r\n0\r\n\r\n`),
  served("9112 7.1.2", "trailers", `${CHUNKED}2\r\nok\r\n0\r\nX-A: 1\r\nx-b:2 \r\n\r\n`, {
    body: "ok",
    trailers: ["x-a", "1", "x-b", "2"],
  }),
  served("9110 6.5.1", "trailers are no fields", `${CHUNKED}0\r\nContent-Length: 9\r\nHost: b\r\n\r\n`, {
    fields: ["transfer-encoding", "chunked"],
    authority: "a.example",
  }),
  refused("9112 7.1.2", 400, "a folded trailer", `${CHUNKED}0\r\nX: 1\r\n 2\r\n\r\n`),
  refused("9112 7.1.2", 400, "a space before a trailer's colon", `${CHUNKED}0\r\nX : 1\r\n\r\n`),
  refused("9112 7.1.2", 400, "a bare LF after the last chunk's trailers", `${CHUNKED}0\r\nX: 1\n\r\n`),
  refused("6585 5", 431, "too many trailers", `${CHUNKED}0\r\n${"X: 1\r\n".repeat(21)}\r\n`),
  refused("6585 5", 431, "trailers that are too large", `${CHUNKED}0\r\nX: ${"a".repeat(1_100)}\r\n\r\n`),
];

/** RFC 9112 section 9, and what RFC 9110 says of methods and expectations. */
const CONNECTIONS: readonly Http1Case[] = [
  served("9112 9.3", "HTTP/1.1 keeps its connection", `${GET}\r\n`),
  servedLast("9112 9.3", "close", `${GET}Connection: close\r\n\r\n`),
  servedLast("9112 9.3", "close among others, in capitals", `${GET}Connection: x, CLOSE\r\n\r\n`),
  servedLast("9112 9.3", "close wins over keep-alive", `${GET}Connection: keep-alive\r\nConnection: close\r\n\r\n`),
  served("9112 9.3", "an option like close", `${GET}Connection: closed\r\n\r\n`),
  servedLast("9112 9.3", "HTTP/1.0 closes", "GET / HTTP/1.0\r\n\r\n"),
  served("9112 9.3", "HTTP/1.0 keeps when asked", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"),
  servedLast("9112 9.3", "what follows a last request is nobody's", `${GET}Connection: close\r\n\r\n${GET}\r\n`, {}),
  served(
    "9112 9.3.2",
    "requests in a row are answered in order",
    [1, 2, 3].map((n) => `GET /${String(n)} HTTP/1.1\r\n${HOST}\r\n`).join(""),
    { path: "/1" },
    { path: "/2" },
    { path: "/3" },
  ),
  served(
    "9112 9.3.2",
    "with content too",
    `${POST}Content-Length: 2\r\n\r\n12${CHUNKED}1\r\n3\r\n0\r\n\r\n${GET}\r\n`,
    { body: "12" },
    { body: "3" },
    { body: "" },
  ),
  {
    ...refused("9112 9.3.2", 400, "a wrong one among them ends the row", `${GET}\r\nBAD\r\n\r\n${GET}\r\n`),
    statuses: [200, 400],
    seen: [{}],
  },
  served("9110 9.3.2", "HEAD has no content", `HEAD / HTTP/1.1\r\n${HOST}\r\n${GET}\r\n`, { method: "HEAD" }, {}),
  served("9110 10.1.1", "Expect: 100-continue", `${POST}Expect: 100-Continue\r\nContent-Length: 2\r\n\r\nok`, {
    body: "ok",
  }),
  served("9110 10.1.1", "the same without content", `${GET}Expect: 100-continue\r\n\r\n`),
  refused("9110 10.1.1", 417, "another expectation", `${POST}Expect: a-miracle\r\nContent-Length: 2\r\n\r\nok`),
  servedLast(
    "9110 10.1.1",
    "HTTP/1.0 expects nothing",
    "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
    { body: "ok" },
  ),
  served("9110 7.8", "an upgrade that nobody wants", `${GET}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`),
];

/** What RFC 9110 and RFC 9112 have a server make of requests, case by case. */
export const HTTP1_CASES: readonly Http1Case[] = [
  ...MESSAGES,
  ...REQUEST_LINES,
  ...FIELDS,
  ...FRAMING,
  ...CHUNKS,
  ...CONNECTIONS,
];
