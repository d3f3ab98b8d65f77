import { openNetworkAccessManager, type Counters } from "@fairlead/access";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { answering, response, scriptedServer } from "../scripted-server.ts";

const fixture = networkFixture();
const { open, either } = fixture;

/** What has changed between two readings, down to the numbers that have. */
function changes(before: object, after: object): object {
  const changed: [string, unknown][] = [];
  for (const [name, value] of Object.entries(after) as [string, unknown][]) {
    const earlier: unknown = Reflect.get(before, name);
    if (typeof value === "number") {
      const more = value - Number(earlier ?? 0);
      if (more !== 0) changed.push([name, more]);
    } else {
      const inner = changes(earlier ?? {}, value as object);
      if (Object.keys(inner).length > 0) changed.push([name, inner]);
    }
  }
  return Object.fromEntries(changed);
}

function withoutTimes({ requests, ...others }: Counters): object {
  const { duration, ...counted } = requests;
  return { requests: { ...counted, timed: duration.count }, ...others };
}

test("a manager that has done nothing has counted nothing", async () => {
  await using manager = await openNetworkAccessManager();
  assert.deepEqual(changes({}, manager.counters()), {
    requests: {
      duration: { buckets: changes({}, manager.counters().requests.duration.buckets) },
    },
  });
});

describe("what is counted", () => {
  for (const way of ["request", "fetch"] as const) {
    test(`a first request and one on the same connection, by ${way}`, async () => {
      await using manager = await open();
      const before = withoutTimes(manager.counters());
      const first = await manager[way](`${fixture.network.https.origin}/bytes/1000000`);
      assert.equal(manager.counters().requests.active, 1, "until the last byte was read");
      await first.text();
      assert.deepEqual(changes(before, withoutTimes(manager.counters())), {
        requests: { started: 1, responses: { "2xx": 1 }, timed: 1 },
        hops: { network: 1 },
        cache: { misses: 1 },
        connections: { opened: 1 },
        tlsHandshakes: { full: 1 },
        bytes: { received: 1_000_000 },
      });
      const between = withoutTimes(manager.counters());
      await (await manager[way](`${fixture.network.https.origin}/echo`, { method: "POST", body: "12345" })).text();
      const { bytes, ...counted } = changes(between, withoutTimes(manager.counters())) as Counters;
      assert.deepEqual(counted, {
        requests: { started: 1, responses: { "2xx": 1 }, timed: 1 },
        hops: { network: 1 },
        connections: { reused: 1 },
      });
      assert.equal(bytes.sent, 5);
    });
  }

  test("an upgrade by HSTS and a redirect", async () => {
    await using manager = await open();
    await (await manager.request(`${either("https")}/hsts/good/year`)).bytes();
    const before = withoutTimes(manager.counters());
    const reply = await manager.request(`${either("http")}/redirect/302?to=/bytes/1`);
    await reply.bytes();
    const { hops } = changes(before, withoutTimes(manager.counters())) as Counters;
    assert.equal(reply.transaction.hops.length, 3);
    assert.deepEqual(hops, { network: 2, redirects: 1, hstsUpgrades: 1 });
  });

  test("what a cache had, confirmed or not, and what it had not", async () => {
    await using server = await scriptedServer(answering(() => response("x", "Cache-Control: max-age=60", 'ETag: "1"')));
    await using manager = await openNetworkAccessManager();
    for (let times = 0; times < 3; times += 1) await (await manager.request(server.origin)).bytes();
    assert.deepEqual(manager.counters().cache, { fresh: 2, validated: 0, stale: 0, misses: 1 });
    assert.equal(manager.counters().hops.network, 1);
  });

  test("retries, by their reason", async () => {
    let asked = 0;
    await using server = await scriptedServer(
      answering(() => {
        asked += 1;
        return asked < 3 ? "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n" : response("done");
      }),
    );
    await using manager = await openNetworkAccessManager({ retry: { backoffMilliseconds: 0 } });
    await (await manager.request(server.origin)).bytes();
    assert.equal(manager.counters().hops.repeats.retry, 2);
    assert.equal(manager.counters().requests.responses["2xx"], 1);
  });

  test("errors by their codes, and a connection that was not opened", async () => {
    await using server = await scriptedServer((socket, number) => {
      if (number === 1) socket.destroy();
    });
    await using manager = await openNetworkAccessManager();
    await assert.rejects(manager.request(server.origin, { method: "POST" }));
    await assert.rejects(manager.request(server.origin, { timeoutMilliseconds: 1 }));
    const { requests } = manager.counters();
    assert.equal(requests.active, 0);
    assert.deepEqual(Object.keys(requests.errors).toSorted(), ["RESPONSE_MISSING", "TIMED_OUT"]);
    const port = server.port;
    await server[Symbol.asyncDispose]();
    await assert.rejects(manager.request(`http://127.0.0.1:${String(port)}/`));
    assert.equal(manager.counters().connections.failed, 1);
    assert.equal(manager.counters().requests.errors["CONNECTION_REFUSED"], 1);
  });

  test("an application that aborts, before a response and within its body", async () => {
    await using server = await scriptedServer((socket) => {
      socket.on("data", (bytes: Buffer) => {
        if (bytes.includes("/half")) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
      });
    });
    await using manager = await openNetworkAccessManager();
    const controller = new AbortController();
    const waiting = manager.request(server.origin, { signal: controller.signal });
    await server.connection(1);
    controller.abort("enough");
    await assert.rejects(waiting, (reason) => reason === "enough");
    assert.deepEqual(manager.counters().requests.errors, { ABORTED: 1 });
    const half = await manager.request(`${server.origin}/half`);
    half.discard();
    const { requests } = manager.counters();
    assert.deepEqual([requests.errors, requests.responses["2xx"], requests.active], [{ ABORTED: 1 }, 1, 0]);
  });

  test("what another library asks of the dispatcher", async () => {
    const { request } = await import("undici");
    await using manager = await open();
    const { body } = await request(`${fixture.network.https.origin}/bytes/10`, { dispatcher: manager });
    await body.text();
    const { requests, bytes } = manager.counters();
    assert.deepEqual([requests.started, requests.active, bytes.received], [1, 0, 10]);
  });

  test("a session that was resumed", async () => {
    await using manager = await open({ timeouts: { idle: 1 } });
    for (let times = 0; times < 2; times += 1) {
      const reply = await manager.request(`${fixture.network.https.origin}/bytes/1`, {
        headers: { connection: "close" },
      });
      await reply.bytes();
    }
    assert.deepEqual(manager.counters().tlsHandshakes, { full: 1, resumed: 1 });
  });
});

test("a duration is in the buckets from its own on", async () => {
  await using manager = await open();
  await (await manager.request(`${fixture.network.https.origin}/bytes/1`)).bytes();
  const { buckets, count, sumSeconds } = manager.counters().requests.duration;
  assert.equal(count, 1);
  assert.ok(sumSeconds > 0);
  for (const bucket of buckets) assert.equal(bucket.count, sumSeconds <= bucket.seconds ? 1 : 0);
});
