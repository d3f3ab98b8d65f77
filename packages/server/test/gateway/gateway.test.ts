import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { UsageError } from "@fairlead/core";
import { gateway } from "../../src/gateway/index.ts";
import { serveWithGateway, workerModule } from "./gateway-server.ts";

for (const threads of [false, true]) {
  const workers = { module: workerModule, count: 1, threads };

  suite(`a gateway to ${threads ? "threads" : "processes"}`, () => {
    test("requests, content both ways beyond its credit, and facts pass", async () => {
      process.env["GATEWAY_TEST_SECRET"] = "not for workers";
      await using server = await serveWithGateway({ workers: { ...workers, env: { GIVEN: "by the test" } } });
      const hello = await fetch(`${server.url}/hello`);
      assert.equal(hello.headers.get("content-type"), "application/json");
      assert.deepEqual(await hello.json(), { hello: "world" });

      const bytes = new Uint8Array(1_000_000).map((_, index) => index % 251);
      const echo = await fetch(`${server.url}/echo`, { method: "POST", body: bytes });
      assert.equal(echo.headers.get("x-length"), "1000000");
      assert.deepEqual(new Uint8Array(await echo.arrayBuffer()), bytes);

      const facts = (await (await fetch(`${server.url}/facts?a=b`)).json()) as Record<string, unknown>;
      assert.equal(facts["url"], `${server.url}/facts?a=b`);
      assert.equal((facts["remote"] as { address: string }).address, "127.0.0.1");
      assert.equal(facts["given"], "by the test");
      assert.equal(facts["secret"], undefined, "nothing of the server's environment is inherited unasked");
      assert.equal((await fetch(`${server.url}/hello`, { method: "HEAD" })).headers.get("content-length"), "17");
    });

    test("a worker that crashes is a 502 for its own requests, and another takes its place", async () => {
      await using server = await serveWithGateway({ workers });
      const crash = await fetch(`${server.url}/crash`, { method: "POST" });
      assert.equal(crash.status, 502);
      assert.deepEqual(await (await fetch(`${server.url}/hello`)).json(), { hello: "world" });
      const { how, isWanted } = await server.event("ended");
      assert.equal(how, "exit code 7");
      assert.equal(isWanted, false);
      assert.equal(server.gateway.stats.restarts, 1);
    });

    test("a worker that is stuck is ended, and is a 502 for its own requests", async () => {
      await using server = await serveWithGateway({
        workers,
        pingMilliseconds: 20,
        stuckMilliseconds: 200,
        exitMilliseconds: 100,
      });
      const spin = await fetch(`${server.url}/spin`, { method: "POST" });
      assert.equal(spin.status, 502);
      const { how, error } = await server.event("ended");
      if (!threads) assert.equal(how, "signal SIGKILL", "who does not hear SIGTERM");
      assert.match(String(error?.message), /PING/);
      assert.equal((await fetch(`${server.url}/hello`)).status, 200);
    });
  });
}

suite("a gateway", () => {
  const workers = { module: workerModule, count: 1, threads: true };

  test("interim responses pass, and trailers both ways", async () => {
    await using server = await serveWithGateway({ workers });
    const early = request(`${server.url}/early`);
    const interim = once(early, "information") as Promise<[{ statusCode: number; headers: Record<string, string> }]>;
    const answered = once(early, "response");
    early.end();
    const [{ statusCode, headers }] = await interim;
    assert.equal(statusCode, 103);
    assert.equal(headers["link"], "</style.css>; rel=preload");
    await answered;

    const socket = connect(server.port, "127.0.0.1");
    socket.write(
      "POST /trailers HTTP/1.1\r\nhost: a.example\r\nte: trailers\r\nconnection: close\r\n" +
        "transfer-encoding: chunked\r\ntrailer: x-sent\r\n\r\n3\r\nabc\r\n0\r\nx-sent: yes\r\n\r\n",
    );
    let text = "";
    for await (const bytes of socket) text += String(bytes);
    assert.match(text, /^HTTP\/1\.1 200 /);
    assert.match(text, /\r\n0\r\nx-got: x-sent=yes\r\n\r\n$/);
  });

  test("what a handler throws is a 500 and a line of the log", async () => {
    await using server = await serveWithGateway({ workers });
    assert.equal((await fetch(`${server.url}/throw`)).status, 500);
    const { level, text } = await server.event("log");
    assert.equal(level, "error");
    assert.match(text, /^Error: a mistake of the handler/);
  });

  test("a client that leaves has its request cancelled at the worker, whose place is free again", async () => {
    await using server = await serveWithGateway({ workers, requestsPerWorker: 1 });
    const leaving = new AbortController();
    const hanging = fetch(`${server.url}/hang`, { signal: leaving.signal });
    hanging.catch(() => undefined);
    await server.event("ready");
    await until(() => server.gateway.stats.workers[0]?.active === 1);
    leaving.abort();
    await server.event("log", ({ text }) => text === "cancelled");
    assert.equal((await fetch(`${server.url}/hello`)).status, 200);
  });

  test("a client that leaves in the middle of an answer has the rest cancelled", async () => {
    await using server = await serveWithGateway({ workers, requestsPerWorker: 1 });
    const leaving = new AbortController();
    const { body } = await fetch(`${server.url}/flow?bytes=1000000000`, { signal: leaving.signal });
    await body?.getReader().read();
    leaving.abort();
    assert.equal((await fetch(`${server.url}/hello`)).status, 200);
  });

  test("an answer that does not come in time is a 504", async () => {
    await using server = await serveWithGateway({ workers, answerMilliseconds: 100 });
    assert.equal((await fetch(`${server.url}/hang`)).status, 504);
  });

  test("a request that is not given up has its worker replaced, and nobody else is hurt", async () => {
    await using server = await serveWithGateway({
      workers,
      answerMilliseconds: 1_000,
      stuckMilliseconds: 100,
      drainMilliseconds: 200,
    });
    assert.equal((await fetch(`${server.url}/deaf`)).status, 504);
    const { reason, worker } = await server.event("replacing");
    assert.equal(reason, "stuck");
    await server.event("ended", (event) => event.worker.id === worker.id);
    assert.equal((await fetch(`${server.url}/hello`)).status, 200);
  });

  test("requests beyond what the worker takes wait, and beyond what may wait are refused with 503", async () => {
    await using server = await serveWithGateway({
      workers,
      requestsPerWorker: 1,
      waiting: { requests: 1, milliseconds: 150 },
    });
    await server.event("ready");
    const leaving = new AbortController();
    const first = fetch(`${server.url}/hang`, { signal: leaving.signal });
    first.catch(() => undefined);
    await until(() => server.gateway.stats.workers[0]?.active === 1);
    const second = fetch(`${server.url}/hello`);
    await until(() => server.gateway.stats.waiting === 1);
    const third = await fetch(`${server.url}/hello`);
    assert.equal(third.status, 503);
    assert.equal(third.headers.get("retry-after"), "1");
    assert.equal((await second).status, 503, "nobody waits for longer than the time for waiting");
    leaving.abort();
    assert.equal((await fetch(`${server.url}/hello`)).status, 200);
  });

  test("a safe request that a crash has left without an answer is tried once more, a POST is not", async () => {
    await using server = await serveWithGateway({ workers: { ...workers, count: 2 } });
    await until(() => server.gateway.stats.workers.filter(({ state }) => state === "ready").length === 2);
    assert.equal((await fetch(`${server.url}/crash`, { method: "POST" })).status, 502);
    await until(() => server.events.filter(({ type }) => type === "ended").length === 1);
    await until(() => server.gateway.stats.workers.filter(({ state }) => state === "ready").length === 2);
    assert.equal((await fetch(`${server.url}/crash`)).status, 502);
    await until(() => server.events.filter(({ type }) => type === "ended").length === 3);
  });

  test("the crash of one worker is nothing to the requests of another", async () => {
    await using server = await serveWithGateway({ workers: { ...workers, count: 2 } });
    await until(() => server.gateway.stats.workers.filter(({ state }) => state === "ready").length === 2);
    const flows = await Promise.all([0, 1].map(() => fetch(`${server.url}/flow?bytes=30000000`)));
    await fetch(`${server.url}/crash`, { method: "POST" });
    const sums = await Promise.allSettled(flows.map(async (flow) => (await flow.arrayBuffer()).byteLength));
    assert.deepEqual(sums.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    assert.ok(sums.some((sum) => sum.status === "fulfilled" && sum.value === 30_000_000));
  });

  test("a reload under load loses nothing", async () => {
    await using server = await serveWithGateway({ workers: { ...workers, count: 2 } });
    await until(() => server.gateway.stats.workers.filter(({ state }) => state === "ready").length === 2);
    const loading = new AbortController();
    const statuses: number[] = [];
    const clients = Array.from({ length: 4 }, async () => {
      while (!loading.signal.aborted) {
        const response = await fetch(`${server.url}/echo`, { method: "POST", body: "x" });
        await response.text();
        statuses.push(response.status);
      }
    });
    await server.gateway.reload();
    loading.abort();
    await Promise.all(clients);
    assert.ok(statuses.length > 4);
    assert.deepEqual([...new Set(statuses)], [200]);
    const ended = server.events.filter((event) => event.type === "ended");
    assert.deepEqual(ended.map(({ isWanted, worker }) => [isWanted, worker.id]).sort(), [
      [true, 1],
      [true, 2],
    ]);
    assert.deepEqual(
      server.gateway.stats.workers.map(({ id }) => id),
      [3, 4],
    );
  });

  test("workers are recycled by requests, by memory and by their own wish", async () => {
    for (const [reason, options, path] of [
      ["requests", { recycle: { requests: 2 } }, "/hello"],
      ["memory", { recycle: { memoryBytes: 1 }, pingMilliseconds: 20 }, "/hello"],
      ["wish", {}, "/retire"],
    ] as const) {
      await using server = await serveWithGateway({ workers, ...options });
      for (let count = 0; count < 2; count += 1) {
        assert.equal((await fetch(`${server.url}${path}`)).status, 200);
      }
      assert.equal((await server.event("replacing")).reason, reason);
      const { isWanted } = await server.event("ended");
      assert.ok(isWanted);
      assert.equal((await fetch(`${server.url}/hello`)).status, 200);
    }
  });

  test("closing waits for what is under way, and refuses what comes then", async () => {
    await using server = await serveWithGateway({ workers });
    const flow = await fetch(`${server.url}/flow?bytes=3000000`);
    const closed = server.gateway.close();
    assert.equal((await fetch(`${server.url}/hello`)).status, 503);
    assert.equal((await flow.arrayBuffer()).byteLength, 3_000_000);
    await closed;
    assert.deepEqual(server.gateway.stats.workers, []);
  });

  test("an upgrade gives both ends octets both ways, beyond their credit, until both have ended", async () => {
    await using server = await serveWithGateway({ workers });
    const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.write("GET /upgrade HTTP/1.1\r\nhost: a.example\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n");
    const [head] = (await once(socket, "data")) as [Buffer];
    assert.match(String(head), /^HTTP\/1\.1 101 /);
    assert.match(String(head), /\r\nx-agreed: yes\r\n/);
    const sent = Buffer.alloc(1_000_000, "0123456789");
    socket.end(sent);
    const received: Buffer[] = [];
    for await (const piece of socket) received.push(piece as Buffer);
    assert.ok(Buffer.concat(received).equals(sent));
    await until(() => server.gateway.stats.workers[0]?.active === 0);
  });

  test("workers end when their server was killed", async () => {
    const program = fileURLToPath(new URL("programs/killed-server.ts", import.meta.url));
    const server = spawn(process.execPath, [...process.execArgv, program], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(server.stdout, "data")) as [Buffer];
    const pids = String(line).trim().split(" ").map(Number);
    assert.equal(pids.length, 2);
    server.kill("SIGKILL");
    await until(() => !pids.some(isAlive));
  });

  test("options that cannot be are refused", () => {
    for (const wrong of [{ workers: { command: [] } }, { workers: { path: "/nowhere", count: 0 } }]) {
      assert.throws(() => gateway(wrong), UsageError);
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Looks after each turn of the event loop. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}
