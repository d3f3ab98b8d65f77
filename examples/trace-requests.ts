/** What a manager did: an HTTP Archive with every hop, counters, and a page of them for Prometheus. */
import { openNetworkAccessManager, prometheusText } from "fairlead";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const server = createServer((request, response) => {
  if (request.url === "/old") response.writeHead(302, { location: "/new?access_token=secret" }).end();
  else response.writeHead(200, { "set-cookie": "sid=secret" }).end("a page");
});
server.listen(0, "localhost");
await once(server, "listening");
const url = `http://localhost:${String((server.address() as AddressInfo).port)}/old`;

const folder = await mkdtemp(join(tmpdir(), "fairlead-example-"));
try {
  await using manager = await openNetworkAccessManager();
  using recording = await manager.recordHar();
  await (await manager.request(url, { headers: { authorization: "Bearer secret" } })).bytes();

  const file = join(folder, "requests.har");
  await writeFile(file, JSON.stringify(recording, undefined, 2), { mode: 0o600 });
  for (const { request, response, time } of recording.toJSON().log.entries) {
    console.log(`${request.method} ${request.url}: ${String(response.status)} in ${time.toFixed(1)} ms`);
  }
  const text = await readFile(file, "utf8");
  console.log(`the archive has ${String(text.length)} characters, and ${text.includes("secret") ? "a" : "no"} secret`);

  const { requests, hops, connections } = manager.counters();
  console.log(requests.responses["2xx"], "request,", hops.network, "hops,", connections.opened, "connection");
  const lines = prometheusText(manager.counters(), { labels: { service: "example" } }).split("\n");
  console.log(lines.filter((line) => line.startsWith("fairlead_hops_total")).join("\n"));
} finally {
  await rm(folder, { recursive: true });
  server.close();
}
