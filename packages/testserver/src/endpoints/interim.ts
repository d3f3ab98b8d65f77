import { createHash } from "node:crypto";
import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import { fixedReply } from "./fixed-reply.ts";
import { rawHead } from "./raw-reply.ts";

const text = "A text whose digest follows it.\n";

/** What comes before and behind an answer: interim answers and trailer fields. */
export const interimFamily: EndpointFamily = endpointFamily(
  "interim",
  "send interim answers before the last one, and trailer fields behind it",
  [
    {
      path: "/interim/early-hints?link=LINK&times=1",
      does: "sends 103 with these Link fields, so many times, and then 200 (RFC 8297)",
      example: "/interim/early-hints?link=%3C/style.css%3E;rel=preload;as=style",
      handle: (exchange) => {
        const links = exchange.texts("link");
        const times = exchange.integer("times", { min: 0, max: 100, otherwise: 1 });
        const link = links.length === 0 ? ["</style.css>; rel=preload; as=style"] : [...links];
        for (let count = 0; count < times; count += 1) exchange.response.writeEarlyHints({ link });
        exchange.sendLine(200, "the last answer", { link });
      },
    },
    fixedReply({
      path: "/interim/processing",
      does: "sends 102 three times before 200 (RFC 2518, dropped since)",
      bytes: `${rawHead("102 Processing").repeat(3)}${rawHead("200 OK", "Content-Length: 2")}ok`,
    }),
    fixedReply({
      path: "/interim/unknown",
      does: "sends 199, an interim answer that nobody knows, with fields before 200",
      bytes: `${rawHead("199 Soon", "X-Soon: yes")}${rawHead("200 OK", "Content-Length: 2")}ok`,
    }),
    fixedReply({
      path: "/interim/switching",
      does: "sends 101 to a client that asked for no other protocol, which servers must not",
      bytes: `${rawHead("101 Switching Protocols", "Connection: Upgrade", "Upgrade: fairlead")}something else`,
    }),
    {
      path: "/interim/expect/refuse",
      does: "answers Expect: 100-continue with 417, without reading the body",
      example: "/interim/expect/refuse",
      expectation: "refuse",
      handle: (exchange) => exchange.sendLine(200, "nothing was expected"),
    },
    {
      path: "/interim/expect/ignore",
      does: "leaves Expect: 100-continue unanswered, and answers when the body has come all the same",
      example: "/interim/expect/ignore",
      expectation: "ignore",
      handle: (exchange) => exchange.sendLine(200, `${exchange.recorded.body.sizeBytes} bytes came`),
    },
    {
      path: "/trailers/digest?wrong=no",
      does: "sends a text in chunks, and its digest as a trailer field (RFC 9530), right or wrong",
      example: "/trailers/digest",
      handle: (exchange) => {
        const bytes = exchange.text("wrong", "no") === "yes" ? `${text} ` : text;
        const digest = createHash("sha256").update(bytes).digest("base64");
        exchange.response.writeHead(200, { "content-type": "text/plain", trailer: "Repr-Digest" });
        exchange.response.write(text);
        exchange.response.addTrailers({ "repr-digest": `sha-256=:${digest}:` });
        exchange.response.end();
      },
    },
    fixedReply({
      path: "/trailers/unannounced",
      does: "sends a trailer field that no Trailer field has announced, which is allowed",
      bytes: `${rawHead("200 OK", "Transfer-Encoding: chunked")}2\r\nok\r\n0\r\nX-Late: yes\r\n\r\n`,
    }),
    fixedReply({
      path: "/trailers/forbidden",
      does: "sends Content-Length, Set-Cookie and Content-Encoding as trailer fields, which must not be heeded",
      bytes:
        `${rawHead("200 OK", "Transfer-Encoding: chunked")}2\r\nok\r\n0\r\n` +
        "Content-Length: 5\r\nSet-Cookie: late=1\r\nContent-Encoding: gzip\r\n\r\n",
    }),
  ],
);
