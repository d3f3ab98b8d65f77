import { BadRequest } from "../bad-request.ts";
import type { EndpointFamily } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";
import { openEcho } from "../websocket.ts";
import { anyMethod, httpbinFamily } from "./httpbin-route.ts";
import { factsOf } from "./request-facts.ts";

const longestSeconds = 10;
const mostBytes = 10_485_760;
const ALPHABET = 26;

/** Answers that take their time, and ranges of them. */
export const streamingRoutes: EndpointFamily = httpbinFamily("streaming", "take their time, as httpbin does", [
  {
    path: "/delay/:seconds",
    methods: anyMethod,
    does: "tells the request after so many seconds, up to ten",
    example: "/delay/0.01",
    handle: async (exchange) => {
      const seconds = Math.min(secondsOf(exchange, "seconds"), longestSeconds);
      await exchange.pause(seconds * 1000);
      exchange.sendJson(factsOf(exchange, "args", "data", "files", "form", "headers", "origin", "url"));
    },
  },
  {
    path: "/drip?duration=2&numbytes=10&code=200&delay=0",
    does: "sends so many stars over so many seconds, after a delay",
    example: "/drip?duration=0.01&numbytes=3",
    handle: async (exchange) => {
      const count = Math.min(exchange.integer("numbytes", { min: 1, max: 999_999_999, otherwise: 10 }), mostBytes);
      const code = exchange.integer("code", { min: 200, max: 599, otherwise: 200 });
      const pauseSeconds = secondsOf(exchange, "duration", 2) / count;
      await exchange.pause(secondsOf(exchange, "delay", 0) * 1000);
      exchange.response.writeHead(code, { "content-type": "application/octet-stream", "content-length": count });
      await sendPaced(exchange, Buffer.alloc(count, "*"), 1, pauseSeconds);
    },
  },
  {
    path: "/range/:n?chunk_size=N&duration=0",
    does: "answers with the alphabet again and again, or with a range of it, over so many seconds",
    example: "/range/26?chunk_size=5",
    handle: sendRange,
  },
  {
    path: "/sse?count=10&duration=5&delay=0",
    does: "sends so many events over so many seconds, after a delay",
    example: "/sse?count=3&duration=0.01",
    handle: async (exchange) => {
      const count = exchange.integer("count", { min: 1, max: 10_000, otherwise: 10 });
      const pauseSeconds = secondsOf(exchange, "duration", 5) / Math.max(1, count - 1);
      await exchange.pause(secondsOf(exchange, "delay", 0) * 1000);
      exchange.response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      for (let id = 0; id < count; id += 1) {
        if (id > 0) await exchange.pause(pauseSeconds * 1000);
        const event = `event: ping\ndata: ${JSON.stringify({ id, timestamp: exchange.now() })}\n\n`;
        if (!exchange.response.write(event)) await exchange.drained();
      }
      exchange.response.end();
    },
  },
  {
    path: "/websocket/echo?max_message_size=N",
    does: "sends every message of a WebSocket back, up to 1 MiB each",
    example: "/websocket/echo",
    handle: (exchange) => {
      const limits = { min: 1, max: 1_048_576 };
      const messageBytes = exchange.integer("max_message_size", { ...limits, otherwise: limits.max });
      openEcho(exchange, messageBytes);
    },
  },
]);

/** As httpbin does it: one range, which must lie within; and the whole says its range, too. */
async function sendRange(exchange: Exchange): Promise<void> {
  const size = exchange.integer("n", { min: 0, max: mostBytes });
  const fields = { etag: `range${size}`, "accept-ranges": "bytes" };
  if (size === 0 || size > 102_400) {
    exchange.send(404, fields, "number of bytes must be in the range (0, 102400]");
    return;
  }
  const chunk = exchange.integer("chunk_size", { min: 1, max: size, otherwise: Math.min(size, 10_240) });
  const seconds = secondsOf(exchange, "duration", 0);
  const { first, last, isWhole } = rangeOf(exchange.request.headers.range, size);
  if (first > last || first >= size || last >= size) {
    exchange.send(416, { ...fields, "content-range": `bytes */${size}` });
    return;
  }
  const count = last - first + 1;
  const bytes = Buffer.from(Array.from({ length: count }, (_, index) => 97 + ((first + index) % ALPHABET)));
  exchange.response.writeHead(isWhole ? 200 : 206, {
    ...fields,
    "content-type": "application/octet-stream",
    "content-length": count,
    "content-range": `bytes ${first}-${last}/${size}`,
  });
  await sendPaced(exchange, bytes, chunk, (seconds * chunk) / size);
}

function rangeOf(field: string | undefined, size: number): { first: number; last: number; isWhole: boolean } {
  const [, first, last] = /^bytes=(\d{0,9})-(\d{0,9})$/.exec(field?.trim() ?? "") ?? [];
  const end = size - 1;
  if (first === undefined || last === undefined || first + last === "") return { first: 0, last: end, isWhole: true };
  const range =
    first === ""
      ? { first: Math.max(0, size - Number(last)), last: end }
      : { first: Number(first), last: last === "" ? end : Number(last) };
  return { ...range, isWhole: range.first === 0 && range.last === end };
}

async function sendPaced(exchange: Exchange, bytes: Buffer, chunk: number, pauseSeconds: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += chunk) {
    if (!exchange.response.write(bytes.subarray(at, at + chunk))) await exchange.drained();
    if (pauseSeconds > 0) await exchange.pause(pauseSeconds * 1000);
  }
  exchange.response.end();
}

/** Seconds with a fraction, or a duration as Go writes it: `1.5`, `1.5s`, `200ms`. */
function secondsOf(exchange: Exchange, name: string, otherwise?: number): number {
  const [, number, unit = "s"] =
    /^(\d{1,6}(?:\.\d{1,6})?)(ms|s|m)?$/.exec(exchange.text(name, otherwise?.toString())) ?? [];
  const seconds = Number(number) * ({ ms: 0.001, s: 1, m: 60 }[unit] ?? 1);
  if (number === undefined || seconds > 600) throw new BadRequest(`the parameter "${name}" is a number of seconds`);
  return seconds;
}
