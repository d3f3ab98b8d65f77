import { promisify } from "node:util";
import { brotliCompress, deflate, deflateRaw, gzip, zstdCompress } from "node:zlib";
import { type Endpoint, endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";

type Compress = (bytes: Buffer) => Promise<Buffer>;

const toGzip: Compress = promisify<Buffer, Buffer>(gzip);
const toBrotli: Compress = promisify<Buffer, Buffer>(brotliCompress);
const toRawDeflate: Compress = promisify<Buffer, Buffer>(deflateRaw);

/** Content codings of RFC 9110 section 8.4.1, RFC 7932 (br) and RFC 9659 (zstd), by their registered names. */
const codings: Readonly<Record<string, Compress>> = {
  gzip: toGzip,
  deflate: promisify<Buffer, Buffer>(deflate),
  br: toBrotli,
  zstd: promisify<Buffer, Buffer>(zstdCompress),
};

/** The body of every endpoint here once it is decoded: 4,096 bytes of text that compresses well. */
export const plainText = "The quick brown fox jumps over the lazy dog, over and over again.\n"
  .repeat(63)
  .slice(0, 4096);

const largestBombMebibytes = 1024;
const mebibyte = 1_048_576;

/** Endpoints that send content codings, right and wrong, whatever the client accepts. */
export const compressionFamily: EndpointFamily = endpointFamily(
  "compression",
  "send content codings, right and wrong, whatever the client accepts",
  [
    ...Object.entries(codings).flatMap(([coding, compress]) => codingEndpoints(coding, compress)),
    {
      path: "/compress/identity",
      does: "sends the text without a coding",
      example: "/compress/identity",
      handle: (exchange) => exchange.send(200, { "content-type": "text/plain" }, plainText),
    },
    {
      path: "/compress/deflate-raw",
      does: "sends coding deflate without the zlib wrapper, a common fault that clients should bear",
      example: "/compress/deflate-raw",
      handle: async (exchange) => {
        sendCoded(exchange, "deflate", await toRawDeflate(Buffer.from(plainText)));
      },
    },
    {
      path: "/compress/stacked",
      does: "sends two codings, one upon the other: gzip, br",
      example: "/compress/stacked",
      handle: async (exchange) => {
        const inner = await toGzip(Buffer.from(plainText));
        sendCoded(exchange, "gzip, br", await toBrotli(inner));
      },
    },
    {
      path: "/compress/members",
      does: "sends coding gzip in two members (RFC 1952 section 2.2), together the text",
      example: "/compress/members",
      handle: async (exchange) => {
        const halves = [plainText.slice(0, 1000), plainText.slice(1000)].map((half) => Buffer.from(half));
        sendCoded(exchange, "gzip", Buffer.concat(await Promise.all(halves.map((half) => toGzip(half)))));
      },
    },
    {
      path: "/compress/unknown",
      does: "sends the text under a coding that nobody knows",
      example: "/compress/unknown",
      handle: (exchange) => sendCoded(exchange, "x-fairlead", Buffer.from(plainText)),
    },
    {
      path: "/compress/bomb?mebibytes=10",
      does: "sends a small gzip body that unfolds to so many MiB of zeros, up to 1,024",
      example: "/compress/bomb?mebibytes=1",
      handle: async (exchange) => {
        const count = exchange.integer("mebibytes", { min: 1, max: largestBombMebibytes, otherwise: 10 });
        const member = await toGzip(Buffer.alloc(mebibyte));
        sendCoded(exchange, "gzip", Buffer.concat(Array.from({ length: count }, () => member)));
      },
    },
  ],
);

function codingEndpoints(coding: string, compress: Compress): readonly Endpoint[] {
  const compressed = (): Promise<Buffer> => compress(Buffer.from(plainText));
  return [
    {
      path: `/compress/${coding}`,
      does: `sends the text in coding ${coding}`,
      example: `/compress/${coding}`,
      handle: async (exchange) => sendCoded(exchange, coding, await compressed()),
    },
    {
      path: `/compress/wrong/${coding}`,
      does: `declares coding ${coding} and sends plain text`,
      example: `/compress/wrong/${coding}`,
      handle: (exchange) => sendCoded(exchange, coding, Buffer.from(plainText)),
    },
    {
      path: `/compress/truncated/${coding}`,
      does: `sends half of the text's ${coding} bytes under a Content-Length that fits them`,
      example: `/compress/truncated/${coding}`,
      handle: async (exchange) => {
        const bytes = await compressed();
        sendCoded(exchange, coding, bytes.subarray(0, bytes.length >> 1));
      },
    },
  ];
}

function sendCoded(exchange: Exchange, coding: string, bytes: Buffer): void {
  exchange.send(200, { "content-type": "text/plain", "content-encoding": coding }, bytes);
}
