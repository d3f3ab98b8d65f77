import { openNetworkAccessManager } from "@fairlead/access";
import { restClient, type RestClient, type RestResponse } from "@fairlead/rest/client";
import { serve } from "@fairlead/server";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { startService } from "./service.ts";

test("calls share a connection of HTTP/2, and one that is left early ends none of the others", async () => {
  const authority = await mintAuthority();
  const identity = await mintCertificate({ issuer: authority, names: ["localhost"] });
  await using running = await serve({
    tls: { identity },
    host: "127.0.0.1",
    fetch: (request) =>
      request.url.endsWith("/events")
        ? new Response(endless(), { headers: { "content-type": "text/event-stream" } })
        : Response.json(new URL(request.url).pathname),
  });
  await using manager = await openNetworkAccessManager({
    resolve: () => Promise.resolve({ addresses: ["127.0.0.1"] }),
    tls: { trust: { type: "anchors", certificates: [authority.certificate] } },
  });
  const client = restClient({ manager, base: `https://localhost:${String(running.port)}/` });
  const response = await client.get("a");
  assert.equal(response.transaction.hops[0]?.tls?.alpn, "h2");
  for await (const { data } of client.get("events").events()) {
    assert.equal(data, "hello");
    const others = await Promise.all(["b", "c"].map((address) => client.get(address).json()));
    assert.deepEqual(others, ["/b", "/c"]);
    break;
  }
  assert.equal(await client.get("d").json(), "/d");
  assert.equal(manager.counters().connections.opened, 1);
});

test("what one partition has learned is not another's", async () => {
  await using service = await startService((request) => {
    const headers = { "set-cookie": "who=me; Path=/" };
    return Response.json(request.headers.get("cookie"), { headers });
  });
  const client = service.client({ partition: service.origin });
  const seen = async (one: RestClient): Promise<unknown> => one.get("x").json();
  assert.deepEqual([await seen(client), await seen(client)], [null, "who=me"]);
  assert.equal(await seen(service.client()), null);
  assert.equal(await client.get("x", { cookies: false }).json(), null);
});

test("a response that nobody holds, and nobody has read, is given up", async () => {
  const { promise: left, resolve: onLeft } = Promise.withResolvers<undefined>();
  await using service = await startService((request) => {
    request.signal.addEventListener("abort", () => {
      onLeft(undefined);
    });
    return new Response(endless());
  });
  let response: RestResponse | undefined = await service.client({ timeout: Number.POSITIVE_INFINITY }).get("x");
  assert.equal(response.status, 200);
  response = undefined;
  const given = left.then(() => "given up");
  for (let turn = 0; turn < 1_000; turn += 1) {
    if ((await Promise.race([given, collectGarbage()])) !== undefined) return;
  }
  assert.fail("it is still held");
});

/** Finalization is in a turn of its own. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  await new Promise(setImmediate);
}

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => {
      controller.enqueue(Buffer.from("data: hello\n\n".repeat(100)));
    },
  });
}
