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
  /** Writes what comes before the break. */
  readonly write: (exchange: Exchange, reply: RawReply) => Promise<void>;
}

const breaks: readonly Break[] = [
  {
    name: "before-response",
    query: "",
    line: "before the first byte of the response",
    write: () => Promise.resolve(),
  },
  {
    name: "status-line",
    query: "",
    line: "in the middle of the status line",
    write: (_, reply) => reply.write("HTTP/1.1 20"),
  },
  {
    name: "headers",
    query: "",
    line: "in the middle of a header field",
    write: (_, reply) => reply.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Cut: he"),
  },
  {
    name: "body",
    query: "?after=10&of=100",
    line: "after some bytes of a body whose Content-Length promised more",
    write: async (exchange, reply) => {
      const of = exchange.integer("of", { min: 1, max: largestCutBytes, otherwise: 100 });
      const after = exchange.integer("after", { min: 0, max: of - 1, otherwise: Math.min(10, of - 1) });
      await reply.write(rawHead("200 OK", `Content-Length: ${of}`));
      await reply.write(patternBytes(after));
    },
  },
  {
    name: "chunked",
    query: "?after=10",
    line: "between chunks, without the last chunk (RFC 9112 section 7.1)",
    write: async (exchange, reply) => {
      const after = exchange.integer("after", { min: 1, max: largestCutBytes, otherwise: 10 });
      await reply.write(rawHead("200 OK", "Transfer-Encoding: chunked"));
      await reply.write(`${after.toString(16)}\r\n`);
      await reply.write(patternBytes(after));
      await reply.write("\r\n");
    },
  },
  {
    name: "chunk",
    query: "",
    line: "in the middle of a chunk",
    write: (_, reply) => reply.write(`${rawHead("200 OK", "Transfer-Encoding: chunked")}64\r\nten bytes.`),
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
      const reply = exchange.takeConnection();
      await place.write(exchange, reply);
      finish(reply);
    },
  };
}
