import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { createLookup } from "@fairlead/testserver";
import { mintAuthority } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import type { ServerHttp2Stream } from "node:http2";
import { test } from "node:test";
import { http2Server } from "../h2/http2-server.ts";

const ca = await mintAuthority();
const open = (): Promise<NetworkAccessManager> =>
  openNetworkAccessManager({
    lookup: createLookup("127.0.0.1"),
    cache: false,
    tls: { trust: { type: "anchors", certificates: [ca.certificate] } },
  });
const ask = async (manager: NetworkAccessManager, origin: string): Promise<number | undefined> => {
  const reply = await manager.request(origin);
  await reply.bytes();
  return reply.transaction.hops[0]?.connection?.id;
};
const names = ["a.fairlead.test", "b.other.test", "c.third.test"];

test("a site that shared a connection with another gets its own once it is forgotten, and the other keeps it", async () => {
  await using server = await http2Server({ ca, names }, (stream) => {
    stream.respond({ ":status": 200 });
    stream.end("text");
  });
  await using manager = await open();
  const [a, b, c] = names.map((name) => server.origin(name));
  assert.deepEqual([await ask(manager, a ?? ""), await ask(manager, b ?? "")], [1, 1]);
  await manager.forget({ site: "other.test" });
  assert.deepEqual([await ask(manager, b ?? ""), await ask(manager, a ?? "")], [2, 1]);
  // Whoever comes new joins what was opened since.
  assert.equal(await ask(manager, c ?? ""), 2);
});

test("streams that are under way on a connection of a forgotten site end well, and it is closed then", async () => {
  const streams: ServerHttp2Stream[] = [];
  await using server = await http2Server({ ca, names }, (stream) => {
    stream.respond({ ":status": 200 });
    if (streams.push(stream) > 1) stream.end("text");
  });
  await using manager = await open();
  const origin = server.origin();
  const reply = await manager.request(origin);
  await manager.forget({ since: new Date(0) });
  const [socket] = server.sockets;
  assert.equal(await ask(manager, origin), 2);
  const closed = new Promise((resolve) => socket?.once("close", resolve));
  streams[0]?.end("late");
  assert.equal(await reply.text(), "late");
  await closed;
  assert.equal(server.sockets.length, 2);
});
