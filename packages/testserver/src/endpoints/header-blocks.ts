import { endpointFamily, type EndpointFamily } from "./endpoint.ts";

const kibibyte = 1024;
const largestKibibytes = 4096;

/** Endpoints whose header block is large. */
export const headerBlockFamily: EndpointFamily = endpointFamily("header-blocks", "send large header blocks", [
  {
    path: "/headers/size/:kib",
    does: "sends a header field of this many KiB, up to 4,096",
    example: "/headers/size/4",
    handle: (exchange) => {
      const size = exchange.integer("kib", { min: 1, max: largestKibibytes });
      exchange.sendLine(200, "large field sent", { "x-large": "x".repeat(size * kibibyte) });
    },
  },
  {
    path: "/headers/count/:n",
    does: "sends this many small header fields, up to 10,000",
    example: "/headers/count/50",
    handle: (exchange) => {
      const count = exchange.integer("n", { min: 1, max: 10_000 });
      const fields = Array.from({ length: count }, (_, index) => [`x-field-${index}`, "small"]);
      exchange.sendLine(200, "fields sent", Object.fromEntries(fields) as Record<string, string>);
    },
  },
]);
