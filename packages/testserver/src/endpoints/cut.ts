import { type Endpoint, endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";
import { patternBytes } from "./payloads.ts";
import { rawHead, type RawReply } from "./raw-reply.ts";

const largestCutBytes = 16_777_216;

/** A place in the response at which the connection breaks. */
interface Break {
  readonly name: string;
  readonly query: string;
  readonly line: string;
  /** What is sent before the break; a string is one byte a character. */
  readonly before: (exchange: Exchange) => string;
}

const breaks: readonly Break[] = [
  {
    name: "before-response",
    query: "",
    line: "before the first byte of the response",
    before: () => "",
  },
  {
    name: "status-line",
    query: "",
    line: "in the middle of the status line",
    before: () => "HTTP/1.1 20",
  },
  {
    name: "headers",
    query: "",
    line: "in the middle of a header field",
    before: () => "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Cut: he",
  },
  {
    name: "body",
    query: "?after=10&of=100",
    line: "after some bytes of a body whose Content-Length promised more",
    before: (exchange) => {
      const of = exchange.integer("of", { min: 1, max: largestCutBytes, otherwise: 100 });
      const after = exchange.integer("after", { min: 0, max: of - 1, otherwise: Math.min(10, of - 1) });
      return rawHead("200 OK", `Content-Length: ${of}`) + patternBytes(after).toString("latin1");
    },
  },
  {
    name: "chunked",
    query: "?after=10",
    line: "between chunks, without the last chunk (RFC 9112 section 7.1)",
    before: (exchange) => {
      const after = exchange.integer("after", { min: 1, max: largestCutBytes, otherwise: 10 });
      const chunk = `${after.toString(16)}\r\n${patternBytes(after).toString("latin1")}\r\n`;
      return rawHead("200 OK", "Transfer-Encoding: chunked") + chunk;
    },
  },
  {
    name: "chunk",
    query: "",
    line: "in the middle of a chunk",
    before: () => `${rawHead("200 OK", "Transfer-Encoding: chunked")}64\r\nten bytes.`,
  },
];

/** Endpoints that break the connection: `/cut/…` closes TCP without a TLS farewell, `/reset/…` resets it. */
export const cutFamily: EndpointFamily = endpointFamily(
  "cut",
  "break the connection: cut closes TCP without a TLS farewell, reset resets it",
  breaks.flatMap((place) => [
    breakEndpoint(place, "cut", "closes the connection", (reply) => {
      reply.cut();
    }),
    breakEndpoint(place, "reset", "resets the connection", (reply) => {
      reply.reset();
    }),
  ]),
);

function breakEndpoint(place: Break, family: string, verb: string, finish: (reply: RawReply) => void): Endpoint {
  return {
    path: `/${family}/${place.name}${place.query}`,
    does: `${verb} ${place.line}`,
    example: `/${family}/${place.name}${place.query}`,
    handle: async (exchange) => {
      const bytes = place.before(exchange);
      const reply = exchange.takeConnection();
      await reply.write(bytes);
      finish(reply);
    },
  };
}
