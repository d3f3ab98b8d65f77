import { FrameType, Flag, frame, integer, literal, Setting, settings, uint32s } from "./frames.ts";
import { greeting, type HandmadeConnection } from "./handmade-connection.ts";
import { handmadeService } from "./handmade-service.ts";

/** What a flood comes to when nobody stops it. */
const FLOOD_BYTES = 67_108_864;
const bigField = ["x-big", "x".repeat(16_000)] as const;

/** Windows, frames and floods at and beyond what a client can bear. */
export const limitServices = [
  handmadeService({
    name: "https-h2-zero-window",
    does: "gives no window to any stream: a request with a body cannot be sent, one without is answered",
    example: "curl --http2 --cacert {ca} -m 2 -d body {origin}/",
    behave: () => ({
      greeting: (connection) => connection.send(settings([Setting.initialWindowSize, 0])),
      waitsForBody: true,
      answer: hello,
    }),
  }),
  handmadeService({
    name: "https-h2-stalled-window",
    does: "takes the first 65,535 bytes of all bodies of a connection and never gives more window",
    example: "head -c 100000 /dev/zero | curl --http2 --cacert {ca} -m 2 -T - {origin}/",
    behave: () => ({ keepsWindows: true, waitsForBody: true, answer: hello }),
  }),
  handmadeService({
    name: "https-h2-one-stream",
    does: "takes one stream at a time, and refuses any other until its request is whole",
    behave: () => ({
      greeting: (connection) => connection.send(settings([Setting.maxConcurrentStreams, 1])),
      takesOneStream: true,
      waitsForBody: true,
      answer: hello,
    }),
  }),
  handmadeService({
    name: "https-h2-no-streams",
    does: "allows no stream at all, for as long as the connection lasts",
    example: "curl --http2 --cacert {ca} -m 2 {origin}/",
    behave: () => ({
      greeting: (connection) => connection.send(settings([Setting.maxConcurrentStreams, 0])),
      answer: () => undefined,
    }),
  }),
  handmadeService({
    name: "https-h2-tiny-frames",
    does: "sends the body in frames of one byte, empty ones between them",
    behave: () => ({
      answer: (connection, stream) => {
        connection.fields(stream);
        for (const byte of greeting) {
          connection.data(stream, "", 0);
          connection.data(stream, byte, 0);
        }
        connection.data(stream, "");
      },
    }),
  }),
  handmadeService({
    name: "https-h2-padding",
    does: "pads each frame with 255 bytes, which count for the window",
    behave: () => ({
      answer: (connection, stream) => {
        connection.fields(stream);
        const padded = Buffer.concat([Buffer.of(255), Buffer.from(greeting), Buffer.alloc(255)]);
        connection.send(frame(FrameType.data, Flag.endStream | Flag.padded, stream, padded));
      },
    }),
  }),
  handmadeService({
    name: "https-h2-ping-flood",
    does: "sends 20,000 pings before it answers, each of which is to be answered",
    behave: () => ({
      answer: async (connection, stream) => {
        await connection.pour(repeat(frame(FrameType.ping, 0, 0, Buffer.alloc(8)), 20_000));
        connection.hello(stream);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-settings-flood",
    does: "sends SETTINGS 20,000 times before it answers, each of which is to be acknowledged",
    behave: () => ({
      answer: async (connection, stream) => {
        await connection.pour(repeat(settings([Setting.initialWindowSize, 65_535]), 20_000));
        connection.hello(stream);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-empty-flood",
    does: "sends empty DATA frames in place of a body, up to 64 MiB of them",
    example: "curl --http2 --cacert {ca} -m 5 {origin}/",
    behave: () => ({
      answer: async (connection, stream) => {
        connection.fields(stream);
        await connection.pour(flood(frame(FrameType.data, 0, stream)));
      },
    }),
  }),
  handmadeService({
    name: "https-h2-large-fields",
    does: "answers with a field block of a mebibyte, in as many CONTINUATION frames as it takes",
    behave: () => ({
      answer: async (connection, stream) => {
        connection.fields(stream, [[":status", "200"], bigField], 0);
        const more = frame(FrameType.continuation, 0, stream, fieldOf(bigField));
        await connection.pour(repeat(more, 65));
        connection.send(frame(FrameType.continuation, Flag.endHeaders, stream));
        connection.data(stream, greeting);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-continuation-flood",
    does: "answers with a field block that does not end: CONTINUATION without END_HEADERS, up to 64 MiB",
    behave: () => ({
      answer: async (connection, stream) => {
        connection.fields(stream, [[":status", "200"]], 0);
        await connection.pour(flood(frame(FrameType.continuation, 0, stream, fieldOf(["x", "y"]))));
      },
    }),
  }),
  handmadeService({
    name: "https-h2-hpack-bomb",
    does: "answers with 16 KiB of fields that become 40 MB: one of 2,500 bytes that enters the table, named 16,000 times",
    behave: () => ({
      answer: (connection, stream) => {
        const entry = Buffer.concat([Buffer.of(0x40), literal("x-bomb"), literal("x".repeat(2_500))]);
        const named = Buffer.alloc(13_000, 0x80 | 62);
        const block = Buffer.concat([Buffer.of(0x88), entry, named]);
        connection.send(frame(FrameType.headers, Flag.endHeaders, stream, block));
        connection.data(stream, greeting);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-window-overflow",
    does: "grows the window of each stream beyond 2^31 - 1",
    behave: () => ({
      answer: (connection, stream) => {
        connection.send(frame(FrameType.windowUpdate, 0, stream, uint32s(2 ** 31 - 1)));
        connection.hello(stream);
      },
    }),
  }),
] as const;

function hello(connection: HandmadeConnection, stream: number): void {
  connection.hello(stream);
}

function fieldOf([name, value]: readonly [string, string]): Buffer {
  return Buffer.concat([integer(0, 4), literal(name), literal(value)]);
}

/** A piece so many times, some of them together. */
function* repeat(piece: Buffer, count: number): Generator<Buffer> {
  const together = Math.max(1, Math.floor(16_384 / piece.length));
  for (let left = count; left > 0; left -= together) {
    yield Buffer.concat(Array.from({ length: Math.min(left, together) }, () => piece));
  }
}

function flood(piece: Buffer): Generator<Buffer> {
  return repeat(piece, Math.ceil(FLOOD_BYTES / piece.length));
}
