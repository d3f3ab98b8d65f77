import { endpointFamily, type EndpointFamily } from "./endpoint.ts";

const largestPayloadBytes = 1_073_741_824;
const chunkBytes = 65_536;

/** Endpoints that answer with a plain status or a body of known size. */
export const payloadFamily: EndpointFamily = endpointFamily(
  "payloads",
  "answer with a plain status or a body of known content",
  [
    {
      path: "/status/:code",
      does: "answers with this status, from 200 to 599, and a line that repeats it",
      example: "/status/204",
      handle: (exchange) => {
        const code = exchange.integer("code", { min: 200, max: 599 });
        exchange.sendLine(code, `status ${code}`);
      },
    },
    {
      path: "/json",
      does: "answers with a JSON document of exactly 1,024 bytes",
      example: "/json",
      handle: (exchange) => exchange.send(200, { "content-type": "application/json" }, jsonDocument),
    },
    {
      path: "/bytes/:size",
      does: "answers with this many bytes, up to 1 GiB: byte i is i modulo 251",
      example: "/bytes/1000",
      handle: async (exchange) => {
        const size = exchange.integer("size", { min: 0, max: largestPayloadBytes });
        exchange.response.writeHead(200, { "content-type": "application/octet-stream", "content-length": size });
        for (let at = 0; at < size; at += chunkBytes) {
          const flowing = exchange.response.write(patternBytes(Math.min(chunkBytes, size - at), at));
          if (!flowing) await exchange.drained();
        }
        exchange.response.end();
      },
    },
  ],
);

/** `size` bytes of the pattern that all bodies of known content share: byte `i` of a body is `i % 251`. */
export function patternBytes(size: number, from = 0): Buffer {
  // 251 is prime, so a block that is lost or sent twice shifts the pattern and shows.
  const bytes = Buffer.allocUnsafe(size);
  for (let index = 0; index < size; index += 1) bytes[index] = (from + index) % 251;
  return bytes;
}

const jsonDocument = padJson(1024);

function padJson(sizeBytes: number): string {
  const withPadding = (padding: string): string =>
    JSON.stringify({ service: "fairlead test network", answer: 42, list: [1, 2, 3], nested: { yes: true }, padding });
  return withPadding("-".repeat(sizeBytes - withPadding("").length));
}
