/** A response that may be kept is used again, and one that has to be looked at again is not sent a second time. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openNetworkAccessManager } from "fairlead";

let requests = 0;
const server = createServer((request, response) => {
  requests += 1;
  if (request.headers["if-none-match"] === '"v1"') response.writeHead(304).end();
  else response.writeHead(200, { "cache-control": "max-age=60", etag: '"v1"' }).end("a page");
});
server.listen(0, "localhost");
await once(server, "listening");
const url = `http://localhost:${String((server.address() as AddressInfo).port)}/`;

{
  await using manager = await openNetworkAccessManager();
  for (const cache of ["default", "default", "no-cache"] as const) {
    const reply = await manager.request(url, { cache });
    const [hop] = reply.transaction.hops;
    console.log(
      `${cache}: ${await reply.text()}, by ${hop?.reason ?? ""}; the server was asked ${String(requests)} times`,
    );
  }
}
server.close();
