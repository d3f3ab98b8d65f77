import { deflateRawSync, constants } from "node:zlib";
import { applyMask, formatClosePayload, Opcode, writeFrameHead } from "@fairlead/http/websocket";
import type { WebSocketConnection } from "@fairlead/transport/websocket";
import { acceptWebSocket, type AnswerFields } from "./accept-websocket.ts";
import { BadRequest } from "./bad-request.ts";
import { type Endpoint, endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";
import { patternBytes } from "./payloads.ts";

const largestMessageBytes = 67_108_864;
const mostPings = 1_000_000;
const bombPieceBytes = 1_048_576;

/** Endpoints that speak WebSocket (RFC 6455), over HTTP/1.1 and HTTP/2 (RFC 8441), well and badly. */
export const webSocketFamily: EndpointFamily = endpointFamily(
  "websocket",
  "speak WebSocket over HTTP/1.1 and HTTP/2, well and badly",
  [
    {
      path: "/websocket/echo?protocol=NAME&deflate=off",
      does: "sends every message back; speaks the subprotocols that are named, or the first that is offered, and compresses",
      example: "/websocket/echo",
      handle: echo,
    },
    {
      path: "/websocket/request",
      does: "sends the handshake's fields as JSON, and then every message back",
      example: "/websocket/request",
      handle: (exchange) => {
        const socket = openEcho(exchange);
        socket?.send(JSON.stringify(exchange.recorded.headers));
      },
    },
    {
      path: "/websocket/slow?pause=1000",
      does: "sends every message back after a pause",
      example: "/websocket/slow?pause=10",
      handle: slowEcho,
    },
    {
      path: "/websocket/message/:size?fragments=1",
      does: "sends one binary message of so many bytes, in so many fragments, and then every message back",
      example: "/websocket/message/1000?fragments=10",
      handle: sendMessage,
    },
    {
      path: "/websocket/close/:code?reason=TEXT",
      does: "says Close at once, with any code, those included that may not be sent (RFC 6455 section 7.4)",
      example: "/websocket/close/4000?reason=bye",
      handle: (exchange) => {
        const code = exchange.integer("code", { min: 0, max: 65_535 });
        const payload = formatClosePayload(code, exchange.text("reason", ""));
        if (payload === undefined) throw new BadRequest("the reason is longer than 123 bytes");
        sendRaw(exchange, frame(Opcode.close, payload));
      },
    },
    {
      path: "/websocket/deaf",
      does: "reads nothing at all",
      example: "/websocket/deaf",
      handle: (exchange) => void acceptWebSocket(exchange)?.stream.pause(),
    },
    {
      path: "/websocket/mute",
      does: "reads everything and answers nothing, neither a ping nor a Close",
      example: "/websocket/mute",
      handle: (exchange) => void acceptWebSocket(exchange)?.stream.resume(),
    },
    {
      path: "/websocket/pings/:count",
      does: 'sends so many pings without waiting for a pong, and then the text "done"',
      example: "/websocket/pings/1000",
      handle: (exchange) => {
        const ping = frame(Opcode.ping, Buffer.from("ping"));
        const pings = Buffer.alloc(exchange.integer("count", { min: 0, max: mostPings }) * ping.length, ping);
        sendRaw(exchange, Buffer.concat([pings, frame(Opcode.text, Buffer.from("done"))]));
      },
    },
    {
      path: "/websocket/announce/:size",
      does: "begins a message of so many bytes, and sends ten of them",
      example: "/websocket/announce/1000000000000",
      handle: (exchange) => {
        const size = exchange.integer("size", { min: 10, max: Number.MAX_SAFE_INTEGER });
        sendRaw(exchange, Buffer.concat([frameHead(Opcode.binary, size), patternBytes(10)]));
      },
    },
    {
      path: "/websocket/bomb/:size",
      does: "sends a compressed message that becomes so many bytes (RFC 7692)",
      example: "/websocket/bomb/67108864",
      handle: sendBomb,
    },
    {
      path: "/websocket/frame/:bytes?mask=on",
      does: "sends these bytes, in hexadecimal, where frames belong; with a mask they are the payload of a masked text",
      example: "/websocket/frame/8302aaaa",
      handle: (exchange) => {
        const text = exchange.text("bytes");
        if (!/^(?:[0-9a-f]{2})+$/i.test(text)) throw new BadRequest("the bytes are not pairs of hexadecimal digits");
        const bytes = Buffer.from(text, "hex");
        sendRaw(exchange, exchange.text("mask", "off") === "on" ? maskedFrame(bytes) : bytes);
      },
    },
    {
      path: "/websocket/cut?after=3",
      does: "cuts the connection after so many bytes of a frame, without a Close",
      example: "/websocket/cut?after=3",
      handle: cut,
    },
    ...spoiltHandshakes(),
  ],
);

function echo(exchange: Exchange): void {
  openEcho(exchange);
}

/** Accepts a WebSocket and sends every message back; `undefined` where the handshake was refused. */
export function openEcho(exchange: Exchange, messageBytes = largestMessageBytes): WebSocketConnection | undefined {
  const protocols = exchange.texts("protocol");
  const accepted = acceptWebSocket(exchange, {
    ...(protocols.length === 0 ? {} : { protocols }),
    deflate: exchange.text("deflate", "on") === "off" ? undefined : {},
  });
  const socket = accepted?.open(
    {
      onMessage: (data) => {
        // Who does not read what comes back is not read either.
        if (socket?.send(data) === false) socket.pause();
      },
      onDrain: () => socket?.resume(),
    },
    { messageBytes },
  );
  return socket;
}

function slowEcho(exchange: Exchange): void {
  const pauseMilliseconds = exchange.milliseconds("pause", 1000);
  const timers = new Set<NodeJS.Timeout>();
  const socket = acceptWebSocket(exchange)?.open({
    onMessage: (data) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        socket?.send(data);
      }, pauseMilliseconds);
      timers.add(timer);
    },
    onClose: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  });
}

function sendMessage(exchange: Exchange): void {
  const size = exchange.integer("size", { min: 0, max: largestMessageBytes });
  const fragments = exchange.integer("fragments", { min: 1, max: 1_000_000, otherwise: 1 });
  const accepted = acceptWebSocket(exchange);
  if (accepted === undefined) return;
  const bytes = patternBytes(size);
  const each = Math.ceil(size / fragments);
  accepted.stream.cork();
  for (let index = 0; index < fragments; index += 1) {
    const opcode = index === 0 ? Opcode.binary : Opcode.continuation;
    const fragment = bytes.subarray(index * each, (index + 1) * each);
    accepted.stream.write(frame(opcode, fragment, { isFinal: index === fragments - 1 }));
  }
  accepted.stream.uncork();
  const socket = accepted.open({
    onMessage: (data) => {
      socket.send(data);
    },
  });
}

function sendBomb(exchange: Exchange): void {
  const size = exchange.integer("size", { min: 1, max: 1_099_511_627_776 });
  const accepted = acceptWebSocket(exchange, { deflate: {} });
  if (accepted === undefined) return;
  // One piece of nothing, again and again: each is a block that is whole by itself.
  const piece = deflateRawSync(Buffer.alloc(bombPieceBytes), { finishFlush: constants.Z_SYNC_FLUSH });
  const head = frameHead(Opcode.binary, piece.length, { isFinal: false, isCompressed: true });
  const next = Buffer.concat([frameHead(Opcode.continuation, piece.length, { isFinal: false }), piece]);
  let left = Math.ceil(size / bombPieceBytes) - 1;
  const { stream } = accepted;
  stream.on("error", () => undefined);
  stream.resume();
  const go = (): void => {
    while (left > 0) {
      left -= 1;
      if (!stream.write(next)) return void stream.once("drain", go);
    }
    stream.write(frame(Opcode.continuation, Buffer.of(0)));
  };
  stream.write(Buffer.concat([head, piece]));
  go();
}

function cut(exchange: Exchange): void {
  const after = exchange.integer("after", { min: 0, max: 15, otherwise: 3 });
  const accepted = acceptWebSocket(exchange);
  if (accepted === undefined) return;
  accepted.stream.write(frame(Opcode.text, Buffer.from("cut off here.")).subarray(0, after), () => {
    if (exchange.request.httpVersionMajor === 2) accepted.stream.destroy();
    else exchange.connection.tcp.destroy();
  });
}

/** Answers to the handshake that a client has to refuse. RFC 6455 section 4.1. */
function spoiltHandshakes(): readonly Endpoint[] {
  const without =
    (name: string) =>
    (fields: AnswerFields): AnswerFields =>
      fields.filter(([each]) => each !== name);
  const having =
    (name: string, value: string) =>
    (fields: AnswerFields): AnswerFields => [...without(name)(fields), [name, value]];
  const faults = [
    ["accept-wrong", "whose Sec-WebSocket-Accept answers another key", having("sec-websocket-accept", "AAAA")],
    ["accept-missing", "without a Sec-WebSocket-Accept", without("sec-websocket-accept")],
    ["upgrade-wrong", "that upgrades to another protocol", having("upgrade", "h2c")],
    ["connection-missing", "whose Connection says nothing", without("connection")],
    ["protocol-unasked", "with a subprotocol that nobody offered", having("sec-websocket-protocol", "unasked")],
    ["extension-unasked", "with an extension that nobody offered", having("sec-websocket-extensions", "x-unasked")],
    [
      "window-invalid",
      "with compression whose window is out of range",
      having("sec-websocket-extensions", "permessage-deflate; server_max_window_bits=16"),
    ],
  ] as const;
  return faults.map(([name, does, spoil]) => ({
    path: `/websocket/handshake/${name}`,
    does: `opens by an answer ${does}`,
    example: `/websocket/handshake/${name}`,
    handle: (exchange) => void acceptWebSocket(exchange, { spoil })?.open({}),
  }));
}

/** Sends bytes in place of frames, then speaks properly. */
function sendRaw(exchange: Exchange, bytes: Uint8Array): void {
  const accepted = acceptWebSocket(exchange);
  accepted?.stream.write(bytes);
  accepted?.open({});
}

interface FrameFlags {
  readonly isFinal?: boolean;
  readonly isCompressed?: boolean;
}

function frameHead(opcode: number, length: number, { isFinal = true, isCompressed = false }: FrameFlags = {}): Buffer {
  const head = Buffer.alloc(14);
  return head.subarray(0, writeFrameHead(head, { opcode, isFinal, isCompressed }, length, undefined));
}

function frame(opcode: number, payload: Uint8Array, flags?: FrameFlags): Buffer {
  return Buffer.concat([frameHead(opcode, payload.length, flags), payload]);
}

/** What a server must not send. RFC 6455 section 5.1. */
function maskedFrame(text: Buffer): Buffer {
  const key = Buffer.from("mask");
  const frame = Buffer.alloc(14 + text.length);
  const at = writeFrameHead(frame, { opcode: Opcode.text, isFinal: true, isCompressed: false }, text.length, key);
  text.copy(frame, at);
  applyMask(frame, at, at + text.length, key, 0);
  return frame.subarray(0, at + text.length);
}
