import { HTTP1_CASE_LIMITS, http1ServerConformance, type SeenRequest } from "@fairlead/conformance/http";
import type { Exchange } from "@fairlead/server";
import { serveOverMemory } from "./serving.ts";

http1ServerConformance("a connection of HTTP/1", {
  connect: () =>
    Promise.resolve(
      serveOverMemory((exchange) => {
        void describeRequest(exchange);
      }, HTTP1_CASE_LIMITS).client,
    ),
});

async function describeRequest(exchange: Exchange): Promise<void> {
  const { head, body } = exchange;
  const pieces: Uint8Array[] = [];
  try {
    for (let piece = await body?.read(); piece !== undefined; piece = await body?.read()) pieces.push(piece);
  } catch {
    // The driver answers what breaks a rule.
    return;
  }
  const seen: SeenRequest = {
    version: head.version,
    method: head.method,
    authority: head.authority,
    path: head.path,
    fields: head.fields.filter((_, index) => head.fields[index - (index % 2)] !== "host"),
    body: Buffer.concat(pieces).toString("latin1"),
    trailers: body?.trailers ?? [],
  };
  exchange.respond({ status: 200, fields: [] }, Buffer.from(JSON.stringify(seen), "latin1"));
}
