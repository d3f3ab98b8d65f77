/** A server of 64 MiB, in a process of its own. Answers with its port. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answer } from "../measuring/child.ts";

const piece = Buffer.alloc(1024 * 1024, "x");
const pieces = 64;

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { "content-length": piece.length * pieces });
  let left = pieces;
  const write = (): void => {
    for (; left > 0; left -= 1) {
      if (!response.write(piece)) {
        left -= 1;
        response.once("drain", write);
        return;
      }
    }
    response.end();
  };
  write();
});
await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
// It listens on TCP.
const { port } = server.address() as AddressInfo;
answer(() => Promise.resolve({ port }));
