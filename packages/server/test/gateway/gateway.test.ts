import assert from "node:assert/strict";
import { test } from "node:test";
import { serveWithGateway, workerModule } from "./gateway-server.ts";

for (const threads of [false, true]) {
  const kind = threads ? "threads" : "processes";
  const workers = { module: workerModule, count: 2, threads };

  test(`${kind}: requests, content both ways beyond its credit, facts, interim responses and trailers pass`, async () => {
    await using server = await serveWithGateway({ workers: { ...workers, count: 1, env: { GIVEN: "by the test" } } });
    process.env["GATEWAY_TEST_SECRET"] = "not for workers";
    const hello = await fetch(`${server.url}/hello`);
    assert.equal(hello.headers.get("content-type"), "application/json");
    assert.deepEqual(await hello.json(), { hello: "world" });

    const bytes = new Uint8Array(1_000_000).map((_, index) => index % 251);
    const echo = await fetch(`${server.url}/echo`, { method: "POST", body: bytes });
    assert.equal(echo.headers.get("x-length"), "1000000");
    assert.deepEqual(new Uint8Array(await echo.arrayBuffer()), bytes);

    const facts = (await (await fetch(`${server.url}/facts?a=b`)).json()) as Record<string, unknown>;
    assert.equal(facts["url"], `${server.url}/facts?a=b`);
    assert.equal((facts["client"] as { address: string }).address, "127.0.0.1");
    assert.deepEqual(facts["client"], facts["remote"]);
    assert.equal(facts["given"], "by the test");
    assert.equal(facts["secret"], undefined, "nothing of the server's environment is inherited unasked");
  });
}
