/** A plain server of Node.js that answers with an order, in a process of its own so that its cost is not counted. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answer } from "../measuring/child.ts";
import { orderText } from "./orders.ts";

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  response.writeHead(200, { "content-type": "application/json", "content-length": orderText.length });
  response.end(orderText);
});
await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));

// It listens on TCP.
answer(() => Promise.resolve((server.address() as AddressInfo).port));
