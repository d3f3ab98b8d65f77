/** A scheme of the application's own is asked for like any URL: by its proxies, with its answers, in its transactions. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { fileScheme, openNetworkAccessManager, type SchemeHandler } from "fairlead";

/** Finger, RFC 1288: a line with a name goes there, and text comes back. */
const finger: SchemeHandler = {
  scheme: "finger",
  handle: async ({ url, openStream, signal }) => {
    const stream = await openStream(url.hostname, url.port === "" ? 79 : Number(url.port));
    signal.addEventListener("abort", () => stream.destroy());
    stream.end(`${decodeURIComponent(url.pathname.slice(1))}\r\n`);
    return { status: 200, headers: { "content-type": "text/plain" }, body: Buffer.from(await text(stream)) };
  },
  close: () => Promise.resolve(),
};

const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.once("data", (line) => socket.end(`Login: ${String(line).trim()}\r\nNo plan.\r\n`));
});
server.listen(0, "localhost");
await once(server, "listening");
const root = await mkdtemp(join(tmpdir(), "fairlead-example-"));
await writeFile(join(root, "plan.txt"), "To read files like any other resource.");

{
  await using manager = await openNetworkAccessManager({ schemes: [finger, fileScheme({ root })] });
  const reply = await manager.request(`finger://localhost:${String((server.address() as AddressInfo).port)}/ada`);
  console.log(await reply.text());
  console.log(
    reply.transaction.hops.map(({ reason, status, connection }) => [reason, status, connection?.remoteAddress]),
  );

  const plan = await manager.fetch(pathToFileURL(join(root, "plan.txt")));
  console.log(plan.headers.get("content-type"), await plan.text());
  console.log(await manager.fetch("file:///etc/hostname").catch(String));
}
server.close();
await rm(root, { recursive: true });
