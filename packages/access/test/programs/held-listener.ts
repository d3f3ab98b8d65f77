/** Listens on the addresses that are given, on one port, with the shortest queue there is, and says which port it is. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

let port = Number(process.argv[2]);
for (const host of process.argv.slice(3)) {
  const server = createServer((_request, response) => void response.end(host)).listen({ host, port, backlog: 1 });
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
}
process.stdout.write(`${String(port)}\n`);
