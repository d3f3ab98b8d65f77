import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { createWorld, type TestWorld } from "../test-world.ts";

describe("fairlead get: the way of a request", () => {
  let world: TestWorld;
  let proxy: Server;
  let place: string;
  before(async () => {
    world = await createWorld();
    proxy = createServer((_request, response) => void response.end("by proxy\n"));
    proxy.on("connect", (request, client) => {
      const origin = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        client.pipe(origin).pipe(client);
      });
      for (const side of [client, origin]) side.on("error", () => undefined);
    });
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    place = `127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
  });
  after(async () => {
    proxy.close();
    proxy.closeAllConnections();
    await world[Symbol.asyncDispose]();
  });
  const inMemory = ["--store", "memory:"];

  test("--proxy goes through it, through one after the other where it is repeated, and -v says so", async () => {
    const once = await world.get([
      ...inMemory,
      "--proxy",
      `http://me:secret@${place}`,
      "-v",
      "http://nowhere.example/",
    ]);
    assert.equal(once.stdout, "by proxy\n");
    assert.match(once.stderr, new RegExp(`via +http://${place}`));
    assert.doesNotMatch(once.stderr, /secret/);
    const chain = ["--proxy", `http://${place}`, "--proxy", `http://${place}`];
    const twice = await world.get([...inMemory, ...chain, "--json", world.url("https", "/json")]);
    const { hops } = JSON.parse(twice.stdout) as { readonly hops: readonly { readonly route: readonly string[] }[] };
    assert.deepEqual(hops[0]?.route, [`http://${place}`, `http://${place}`]);
  });

  test("the environment's proxy is heeded, and --no-proxy is stronger", async () => {
    const env = { http_proxy: `http://${place}` };
    const by = await world.get([...inMemory, "http://nowhere.example/"], { env });
    assert.equal(by.stdout, "by proxy\n");
    const straight = await world.get([...inMemory, "--no-proxy", "http://nowhere.invalid/"], { env });
    assert.match(straight.stderr, /NAME_NOT_FOUND/);
  });

  test("--unix asks who listens there", async () => {
    const path = world.user.path("server.sock");
    const server = createServer((request, response) => void response.end(`${String(request.headers.host)}\n`));
    server.listen(path);
    await once(server, "listening");
    const found = await world.get([...inMemory, "--unix", path, "-v", "http://docker/v1"]);
    assert.equal(found.stdout, "docker\n");
    assert.match(found.stderr, /via +unix:/);
    server.close();
  });

  test("2 for ways that exclude each other, or are none, and no password is quoted", async () => {
    for (const args of [
      ["--proxy", "http://a.example", "--no-proxy"],
      ["--unix", "/run/a", "--proxy", "http://a.example"],
      ["--proxy", "ftp://me:secret@a.example"],
      ["--unix", ""],
    ]) {
      const refused = await world.get([...inMemory, ...args, "http://a.example/"]);
      assert.equal(refused.exitCode, 2);
      assert.doesNotMatch(refused.stderr, /secret/);
    }
  });
});
