import { block, Code, data, Flag, frame, get, headers, post, settings, Type } from "./client-frames.ts";
import { answers, ends, resets, sends, when, type Http2Case } from "./http2-case.ts";

const { protocolError, compressionError, streamClosed } = Code;
const { endStream, endHeaders } = Flag;
const MALFORMED = resets(protocolError);
const GARBLED = ends(compressionError);

const METHOD = [":method", "GET"] as const;
const SCHEME = [":scheme", "http"] as const;
const AUTHORITY = [":authority", "a.test"] as const;
const PATH = [":path", "/"] as const;

/** A request whose head has just these fields. */
function head(...fields: readonly string[]): Buffer {
  return headers(1, endStream, ...fields);
}

/** A request whose field block is just this, behind pseudo-fields that are right. */
function raw(...octets: readonly number[]): Buffer {
  const right = block(...METHOD, ...SCHEME, ...AUTHORITY, ...PATH);
  return frame(Type.headers, endStream | endHeaders, 1, Buffer.concat([right, Buffer.from(octets)]));
}

/** Messages: what is one, and what is not. */
export const messageCases: readonly Http2Case[] = [
  when("8.1", "trailers", answers(1, 200, "abc"), post(1), data(1, 0, "abc"), headers(1, endStream, "x-sum", "6")),
  when(
    "8.1",
    "fields within the content that do not end it",
    MALFORMED,
    post(1),
    data(1, 0, "a"),
    headers(1, 0, "x-sum", "6"),
  ),
  when("8.1", "a pseudo-field in trailers", MALFORMED, post(1), data(1, 0, "a"), headers(1, endStream, ":path", "/")),
  when("8.1", "a name in upper case in trailers", MALFORMED, post(1), headers(1, endStream, "X-Sum", "6")),
  when(
    "8.1",
    "DATA behind trailers",
    resets(streamClosed),
    post(1),
    headers(1, endStream, "x-sum", "6"),
    data(1, 1, "x"),
  ),
  when(
    "8.1.1",
    "content beyond its Content-Length",
    MALFORMED,
    post(1, "content-length", "1"),
    data(1, endStream, "abc"),
  ),
  when(
    "8.1.1",
    "content short of its Content-Length",
    MALFORMED,
    post(1, "content-length", "4"),
    data(1, endStream, "abc"),
  ),
  when(
    "8.1.1",
    "content short of its Content-Length, with trailers",
    MALFORMED,
    post(1, "content-length", "4"),
    data(1, 0, "abc"),
    headers(1, endStream, "a", "b"),
  ),
  when(
    "8.1.1",
    "content of its Content-Length",
    answers(1, 200, "abc"),
    post(1, "content-length", "3"),
    data(1, endStream, "abc"),
  ),
  when("8.1.1", "a Content-Length without content", MALFORMED, get(1, "content-length", "3")),
  when("8.1.1", "a Content-Length of nothing without content", answers(1, 200, "ok"), get(1, "content-length", "0")),
  when(
    "8.1.1",
    "two lengths",
    MALFORMED,
    post(1, "content-length", "3", "content-length", "4"),
    data(1, endStream, "abc"),
  ),
  when("8.1.1", "a length that is no number", MALFORMED, post(1, "content-length", "+3"), data(1, endStream, "abc")),

  when("8.2", "a name in upper case", MALFORMED, get(1, "X-Name", "a")),
  when("8.2.1", "a name with a space", MALFORMED, get(1, "x name", "a")),
  when("8.2.1", "a name with a colon within", MALFORMED, get(1, "x:name", "a")),
  when("8.2.1", "a name that is empty", MALFORMED, get(1, "", "a")),
  when("8.2.1", "a name beyond ASCII", MALFORMED, get(1, "x-n\u00e4me", "a")),
  when("8.2.1", "a line end in a value", MALFORMED, get(1, "x-name", "a\r\nb: c")),
  when("8.2.1", "a line feed in a value", MALFORMED, get(1, "x-name", "a\nb: c")),
  when("8.2.1", "a zero octet in a value", MALFORMED, get(1, "x-name", "a\0")),
  when("8.2.1", "a space before a value", MALFORMED, get(1, "x-name", " a")),
  when("8.2.1", "a tab behind a value", MALFORMED, get(1, "x-name", "a\t")),
  when("8.2.1", "octets beyond ASCII in a value", answers(1, 200, "ok"), get(1, "x-name", "\u00e4")),
  when("8.2.2", "Connection", MALFORMED, get(1, "connection", "close")),
  when("8.2.2", "Keep-Alive", MALFORMED, get(1, "keep-alive", "timeout=5")),
  when("8.2.2", "Proxy-Connection", MALFORMED, get(1, "proxy-connection", "close")),
  when("8.2.2", "Transfer-Encoding", MALFORMED, post(1, "transfer-encoding", "chunked"), data(1, 1, "0\r\n\r\n")),
  when("8.2.2", "Upgrade", MALFORMED, get(1, "upgrade", "websocket")),
  when("8.2.2", "a TE of more than trailers", MALFORMED, get(1, "te", "trailers, gzip")),
  when("8.2.2", "a TE of trailers", answers(1, 200, "ok"), get(1, "te", "trailers")),
  when("8.2.3", "cookies in crumbs", answers(1, 200, "ok"), get(1, "cookie", "a=1", "cookie", "b=2")),

  when(
    "8.3",
    "a pseudo-field that there is not",
    MALFORMED,
    head(...METHOD, ...SCHEME, ...AUTHORITY, ...PATH, ":client", "a"),
  ),
  when(
    "8.3",
    "a pseudo-field of responses",
    MALFORMED,
    head(...METHOD, ...SCHEME, ...AUTHORITY, ...PATH, ":status", "200"),
  ),
  when(
    "8.3",
    "a pseudo-field behind another field",
    MALFORMED,
    head(...METHOD, ...SCHEME, ...AUTHORITY, "x-name", "a", ...PATH),
  ),
  when("8.3", "a pseudo-field twice", MALFORMED, head(...METHOD, ...SCHEME, ...AUTHORITY, ...PATH, ...PATH)),
  when("8.3.1", "no method", MALFORMED, head(...SCHEME, ...AUTHORITY, ...PATH)),
  when("8.3.1", "no scheme", MALFORMED, head(...METHOD, ...AUTHORITY, ...PATH)),
  when("8.3.1", "no path", MALFORMED, head(...METHOD, ...SCHEME, ...AUTHORITY)),
  when("8.3.1", "an empty path", MALFORMED, head(...METHOD, ...SCHEME, ...AUTHORITY, ":path", "")),
  when("8.3.1", "a path without its slash", MALFORMED, head(...METHOD, ...SCHEME, ...AUTHORITY, ":path", "a")),
  when("8.3.1", "a path with a space", MALFORMED, head(...METHOD, ...SCHEME, ...AUTHORITY, ":path", "/a b")),
  when("8.3.1", "* of another method than OPTIONS", MALFORMED, head(...METHOD, ...SCHEME, ...AUTHORITY, ":path", "*")),
  when(
    "8.3.1",
    "* of OPTIONS",
    answers(1, 200, "ok"),
    head(":method", "OPTIONS", ...SCHEME, ...AUTHORITY, ":path", "*"),
  ),
  when("8.3.1", "a method that is no token", MALFORMED, head(":method", "GE T", ...SCHEME, ...AUTHORITY, ...PATH)),
  when("8.3.1", "neither an authority nor a host", MALFORMED, head(...METHOD, ...SCHEME, ...PATH)),
  when(
    "8.3.1",
    "a host in place of an authority",
    answers(1, 200, "ok"),
    head(...METHOD, ...SCHEME, ...PATH, "host", "a.test"),
  ),
  when("8.3.1", "a host that is not the authority", MALFORMED, get(1, "host", "b.test")),
  when("8.3.1", "a host that is the authority", answers(1, 200, "ok"), get(1, "host", "a.test")),
  when(
    "8.3.1",
    "user information in the authority",
    MALFORMED,
    head(...METHOD, ...SCHEME, ":authority", "u@a.test", ...PATH),
  ),
  when("8.5", "CONNECT with a path", MALFORMED, head(":method", "CONNECT", ...AUTHORITY, ...PATH)),
  when("8.5", "CONNECT to another host", answers(1, 501), head(":method", "CONNECT", ":authority", "a.test:25")),
  when("10.5.1", "fields beyond what the server announces", answers(1, 431), ...large(1, 60_000)),
  when("8.1.1", "a request behind one that is malformed", answers(3, 200, "ok"), head(...METHOD), get(3)),
];

/** A request with a field of so many octets, in as many frames as it takes. */
function large(stream: number, octets: number): readonly Buffer[] {
  const whole = block(...METHOD, ...SCHEME, ...AUTHORITY, ...PATH, "x-name", "a".repeat(octets));
  const frames: Buffer[] = [];
  for (let at = 0; at < whole.length; at += 16_384) {
    const isLast = at + 16_384 >= whole.length;
    const piece = whole.subarray(at, at + 16_384);
    frames.push(
      at === 0
        ? frame(Type.headers, endStream, stream, piece)
        : frame(Type.continuation, isLast ? endHeaders : 0, stream, piece),
    );
  }
  return frames;
}

/** RFC 8441. */
export const connectCases: readonly Http2Case[] = [
  when(
    "3",
    "the setting that lets streams be given to other protocols",
    sends(
      "SETTINGS_ENABLE_CONNECT_PROTOCOL of 1",
      ([first]) => first?.payload.includes(Buffer.of(0, 8, 0, 0, 0, 1)) === true,
    ),
  ),
  when(
    "4",
    "a protocol with another method than CONNECT",
    MALFORMED,
    head(...METHOD, ":protocol", "websocket", ...SCHEME, ...AUTHORITY, ...PATH),
  ),
  when(
    "4",
    "a protocol without a path",
    MALFORMED,
    head(":method", "CONNECT", ":protocol", "websocket", ...SCHEME, ...AUTHORITY),
  ),
  when(
    "4",
    "a protocol without a scheme",
    MALFORMED,
    head(":method", "CONNECT", ":protocol", "websocket", ...AUTHORITY, ...PATH),
  ),
  when(
    "4",
    "a protocol that is no token",
    MALFORMED,
    head(":method", "CONNECT", ":protocol", "web socket", ...SCHEME, ...AUTHORITY, ...PATH),
  ),
];

/** RFC 7541. */
export const compressionCases: readonly Http2Case[] = [
  when("2.3.3", "an index that no table has", GARBLED, raw(0xff, 0x00)),
  when("2.3.3", "the name of an entry that is not there", GARBLED, raw(0x7f, 0x20, 0x01, 0x61)),
  when(
    "2.3.2",
    "an entry of the dynamic table in the next request",
    answers(3, 200, "ok"),
    raw(0x40, 1, 0x61, 1, 0x62),
    frame(Type.headers, 5, 3, Buffer.concat([block(...METHOD, ...SCHEME, ...AUTHORITY, ...PATH), Buffer.of(0xbe)])),
  ),
  when("4.2", "a table larger than the server allows", GARBLED, frame(Type.headers, 5, 1, Buffer.of(0x3f, 0xe2, 0x1f))),
  when(
    "4.2",
    "a smaller table at the beginning of a block",
    answers(1, 200, "ok"),
    frame(Type.headers, 5, 1, Buffer.concat([Buffer.of(0x20), block(...METHOD, ...SCHEME, ...AUTHORITY, ...PATH)])),
  ),
  when("4.2", "a table's size behind a field", GARBLED, raw(0x20)),
  when("5.1", "a number that does not end", GARBLED, raw(0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)),
  when("5.2", "a string that goes beyond its block", GARBLED, raw(0x00, 0x05, 0x61)),
  when(
    "5.2",
    "Huffman code with its end of string within",
    GARBLED,
    raw(0x00, 0x84, 0xff, 0xff, 0xff, 0xff, 0x01, 0x61),
  ),
  when("5.2", "Huffman code padded by a whole octet", GARBLED, raw(0x00, 0x82, 0x1f, 0xff, 0x01, 0x61)),
  when("5.2", "Huffman code padded by zeros", GARBLED, raw(0x00, 0x81, 0x18, 0x01, 0x61)),
  when("6.1", "the index 0", GARBLED, raw(0x80)),
  when("6.2", "a block that ends before a value", GARBLED, raw(0x00, 0x01, 0x61)),
  when("4.1", "a table of the client without room", answers(3, 200, "ok"), settings([1, 0]), get(1), get(3)),
];
