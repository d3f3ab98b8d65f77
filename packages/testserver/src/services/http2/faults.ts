import { FrameType, Flag, fieldBlock, frame, Setting, settings, uint32s } from "./frames.ts";
import { greeting, type HandmadeConnection } from "./handmade-connection.ts";
import { handmadeService } from "./handmade-service.ts";

type Answer = (connection: HandmadeConnection, stream: number) => void;

const by =
  (answer: Answer): (() => { readonly answer: Answer }) =>
  () => ({ answer });

/** Frames that break RFC 9113 or 7541, and some that look as if they did. */
export const faultServices = [
  handmadeService({
    name: "https-h2-unknown-frames",
    does: "sends frames, flags and settings that nobody knows, which are to be ignored",
    behave: () => ({
      greeting: (connection) => connection.send(settings([0xfa1d, 1]), frame(0xfa, 0xff, 0, Buffer.from("unknown"))),
      answer: (connection, stream) => {
        connection.fields(stream);
        connection.send(frame(0xfb, 0, stream, Buffer.from("unknown")));
        connection.data(stream, greeting, Flag.endStream | 0x40);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-interim",
    does: "sends a hundred 103 answers before the last one, which is allowed",
    behave: by((connection, stream) => {
      for (let count = 0; count < 100; count += 1) connection.fields(stream, [[":status", "103"]]);
      connection.hello(stream);
    }),
  }),
  handmadeService({
    name: "https-h2-trailers",
    does: "sends trailer fields behind the body, which is allowed",
    behave: by((connection, stream) => {
      connection.fields(stream);
      connection.data(stream, greeting, 0);
      connection.fields(stream, [["x-trailer", "seen"]], Flag.endHeaders | Flag.endStream);
    }),
  }),
  handmadeService({
    name: "https-h2-no-settings",
    does: "answers without SETTINGS, with which a server has to begin (section 3.4)",
    behave: () => ({
      greeting: () => undefined,
      answer: (connection, stream) => {
        connection.hello(stream);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-push",
    does: "promises a resource to clients that have said that they want none (section 8.4)",
    behave: by((connection, stream) => {
      const request = fieldBlock([
        [":method", "GET"],
        [":scheme", "https"],
        [":authority", "localhost"],
        [":path", "/pushed"],
      ]);
      connection.send(frame(FrameType.pushPromise, Flag.endHeaders, stream, Buffer.concat([uint32s(2), request])));
      connection.hello(stream);
    }),
  }),
  handmadeService({
    name: "https-h2-bad-hpack",
    does: "names a field by an index that no table has (RFC 7541 section 2.3.3)",
    behave: by((connection, stream) => {
      connection.send(frame(FrameType.headers, Flag.endHeaders, stream, Buffer.of(0x88, 0xff, 0x80, 0x10)));
    }),
  }),
  handmadeService({
    name: "https-h2-table-size",
    does: "sets its table to more than the client allows (RFC 7541 section 6.3)",
    behave: by((connection, stream) => {
      connection.send(frame(FrameType.headers, Flag.endHeaders, stream, Buffer.of(0x3f, 0xe1, 0xff, 0x7f, 0x88)));
    }),
  }),
  ...(
    [
      ["no-status", "answers without :status", [["content-type", "text/plain"]]],
      [
        "two-statuses",
        "answers with :status twice",
        [
          [":status", "200"],
          [":status", "204"],
        ],
      ],
      [
        "late-status",
        "answers with :status behind another field",
        [
          ["x-first", "1"],
          [":status", "200"],
        ],
      ],
      [
        "uppercase-field",
        "answers with a field in capital letters",
        [
          [":status", "200"],
          ["X-Loud", "1"],
        ],
      ],
      [
        "connection-field",
        "answers with Connection, a field of HTTP/1.1",
        [
          [":status", "200"],
          ["connection", "close"],
        ],
      ],
      [
        "field-newline",
        "answers with a line end in a field's value",
        [
          [":status", "200"],
          ["x-bad", "a\r\nx-more: b"],
        ],
      ],
    ] as const
  ).map(([name, does, fields]) =>
    handmadeService({
      name: `https-h2-${name}`,
      does: `${does} (section 8.2)`,
      behave: by((connection, stream) => {
        connection.fields(stream, fields);
        connection.data(stream, greeting);
      }),
    }),
  ),
  handmadeService({
    name: "https-h2-length-short",
    does: "sends fewer bytes than Content-Length says (section 8.1.1)",
    behave: by((connection, stream) => {
      connection.fields(stream, [
        [":status", "200"],
        ["content-length", "100"],
      ]);
      connection.data(stream, greeting);
    }),
  }),
  handmadeService({
    name: "https-h2-length-long",
    does: "sends more bytes than Content-Length says (section 8.1.1)",
    behave: by((connection, stream) => {
      connection.fields(stream, [
        [":status", "200"],
        ["content-length", "5"],
      ]);
      connection.data(stream, greeting);
    }),
  }),
  handmadeService({
    name: "https-h2-large-frame",
    does: "sends a DATA frame of 16,385 bytes, one more than was agreed on (section 4.2)",
    behave: by((connection, stream) => {
      connection.fields(stream);
      connection.data(stream, "x".repeat(16_385));
    }),
  }),
  handmadeService({
    name: "https-h2-data-first",
    does: "sends the body before the fields (section 8.1)",
    behave: by((connection, stream) => {
      connection.data(stream, greeting, 0);
      connection.fields(stream);
    }),
  }),
  handmadeService({
    name: "https-h2-data-on-stream-0",
    does: "sends DATA on the connection itself (section 6.1)",
    behave: by((connection) => {
      connection.data(0, greeting);
    }),
  }),
  handmadeService({
    name: "https-h2-unasked-stream",
    does: "answers on a stream that nobody has opened (section 5.1)",
    behave: by((connection, stream) => {
      connection.hello(stream + 100);
    }),
  }),
  handmadeService({
    name: "https-h2-zero-increment",
    does: "grows a window by nothing (section 6.9)",
    behave: by((connection, stream) => {
      connection.send(frame(FrameType.windowUpdate, 0, 0, uint32s(0)));
      connection.hello(stream);
    }),
  }),
  handmadeService({
    name: "https-h2-padding-too-long",
    does: "pads a frame with more bytes than it has (section 6.1)",
    behave: by((connection, stream) => {
      connection.fields(stream);
      connection.send(frame(FrameType.data, Flag.endStream | Flag.padded, stream, Buffer.of(200, 1, 2, 3)));
    }),
  }),
  handmadeService({
    name: "https-h2-frame-size-setting",
    does: "sets SETTINGS_MAX_FRAME_SIZE to less than there may be (section 6.5.2)",
    behave: () => ({
      greeting: (connection) => connection.send(settings([Setting.maxFrameSize, 100])),
      answer: (connection, stream) => {
        connection.hello(stream);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-unspoken",
    does: "agrees on HTTP/2 and then speaks HTTP/1.1",
    behave: () => (socket) => {
      socket.once("data", () => {
        socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
      });
    },
  }),
  handmadeService({
    name: "https-h2-silent",
    does: "agrees on HTTP/2 and then says nothing at all",
    example: "curl --http2 --cacert {ca} -m 2 {origin}/",
    behave: () => (socket) => {
      socket.resume();
    },
  }),
] as const;
