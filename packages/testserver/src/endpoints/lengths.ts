import { type Endpoint, endpointFamily, type EndpointFamily } from "./endpoint.ts";
import { fixedReply } from "./fixed-reply.ts";
import { patternBytes } from "./payloads.ts";
import { rawHead } from "./raw-reply.ts";

const largestBytes = 16_777_216;

/** Endpoints whose message framing is wrong or unusual (RFC 9112 section 6.3). All of them close the connection. */
export const lengthFamily: EndpointFamily = endpointFamily(
  "lengths",
  "frame the body wrongly or unusually (RFC 9112 section 6.3), then close",
  [
    framed("/length/short", "sends fewer bytes than Content-Length says, then closes", { declared: 100, sent: 10 }),
    framed("/length/long", "sends more bytes than Content-Length says, then closes", { declared: 10, sent: 100 }),
    fixedReply({
      path: "/length/none",
      does: "sends a body that ends with the connection, which is allowed",
      bytes: `${rawHead("200 OK", "Connection: close")}ends here\n`,
    }),
    fixedReply({
      path: "/length/http-1.0",
      does: "answers as HTTP/1.0 with a body that ends with the connection, which is allowed",
      bytes: "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nends here\n",
    }),
    fixedReply({
      path: "/length/repeated",
      does: "sends Content-Length twice with the same value, which clients may accept",
      bytes: `${rawHead("200 OK", "Content-Length: 5", "Content-Length: 5")}hello`,
    }),
    fixedReply({
      path: "/length/list",
      does: "sends one Content-Length that lists the same value twice, which clients may accept",
      bytes: `${rawHead("200 OK", "Content-Length: 5, 5")}hello`,
    }),
    fixedReply({
      path: "/length/conflict",
      does: "sends two different Content-Length fields",
      bytes: `${rawHead("200 OK", "Content-Length: 5", "Content-Length: 6")}hello!`,
    }),
    fixedReply({
      path: "/length/invalid",
      does: "sends a Content-Length that is not a number",
      bytes: `${rawHead("200 OK", "Content-Length: five")}hello`,
    }),
    fixedReply({
      path: "/length/negative",
      does: "sends a negative Content-Length",
      bytes: `${rawHead("200 OK", "Content-Length: -5")}hello`,
    }),
    fixedReply({
      path: "/length/overflow",
      does: "sends a Content-Length beyond 64 bits",
      bytes: `${rawHead("200 OK", "Content-Length: 99999999999999999999")}hello`,
    }),
    fixedReply({
      path: "/length/both",
      does: "sends Content-Length and Transfer-Encoding together, as in response smuggling",
      bytes: `${rawHead("200 OK", "Content-Length: 3", "Transfer-Encoding: chunked")}5\r\nhello\r\n0\r\n\r\n`,
    }),
    fixedReply({
      path: "/length/no-content-body",
      does: "sends a body with a 204, which must not have one",
      bytes: `${rawHead("204 No Content", "Content-Length: 5")}hello`,
    }),
  ],
);

/** A body of `sent` bytes under a Content-Length of `declared`. */
function framed(path: string, does: string, defaults: { readonly declared: number; readonly sent: number }): Endpoint {
  const query = `?declared=${defaults.declared}&sent=${defaults.sent}`;
  return {
    path: path + query,
    does,
    example: path,
    handle: async (exchange) => {
      const declared = exchange.integer("declared", { min: 0, max: largestBytes, otherwise: defaults.declared });
      const sent = exchange.integer("sent", { min: 0, max: largestBytes, otherwise: defaults.sent });
      const reply = exchange.takeConnection();
      await reply.write(rawHead("200 OK", `Content-Length: ${declared}`));
      await reply.write(patternBytes(sent));
      reply.end();
    },
  };
}
