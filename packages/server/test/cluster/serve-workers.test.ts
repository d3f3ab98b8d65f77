import { TransportError, UsageError } from "@fairlead/core";
import { startPeer } from "@fairlead/conformance/peers";
import { serveWorkers, type Workers } from "@fairlead/server/cluster";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Load } from "../load.ts";

const module = new URL("./worker.ts", import.meta.url);

interface Answer {
  readonly number: number;
  readonly processId: number;
}

/** Asks on a connection of its own, so that any worker may answer. */
async function ask({ port }: Workers, path = "/"): Promise<string> {
  const socket = connect(port ?? 0, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.0\r\n\r\n`);
  let text = "";
  for await (const piece of socket.setEncoding("utf8")) text += String(piece);
  return text.slice(text.indexOf("\r\n\r\n") + 4);
}

async function whoAnswers(workers: Workers): Promise<Answer> {
  return JSON.parse(await ask(workers)) as Answer;
}

/** What a scrape says of requests, all of them together. */
async function countedBy(workers: Workers): Promise<number> {
  const counts = (await ask(workers, "/metrics")).matchAll(/^http_server_request_duration_seconds_count.* (\d+)$/gm);
  return Array.from(counts, ([, count]) => Number(count)).reduce((sum, count) => sum + count, 0);
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

describe("workers", () => {
  let workers: Workers;
  const crashed: number[] = [];
  before(async () => {
    workers = await serveWorkers({ module, workers: 2, onCrash: (processId) => crashed.push(processId) });
  });
  after(() => workers.close({ graceMilliseconds: 0 }));

  test("share a port", async () => {
    assert.equal(workers.url, `http://127.0.0.1:${String(workers.port)}`);
    const seen = new Set<number>();
    while (seen.size < 2) seen.add((await whoAnswers(workers)).processId);
    assert.deepEqual([...seen].sort(), workers.processIds.toSorted());
  });

  test("show what all of them have counted, whoever is asked", async () => {
    const before = await countedBy(workers);
    for (let count = 0; count < 10; count += 1) await whoAnswers(workers);
    // A scrape is counted when its answer has left.
    assert.equal(await countedBy(workers), before + 11);
    const families = await workers.metrics();
    const durations = families.find(({ name }) => name === "http_server_request_duration_seconds");
    const count = durations?.series.flatMap(({ values }) => values.slice(0, -1)).reduce((sum, value) => sum + value, 0);
    assert.equal(count, before + 12);
  });

  test("are replaced without a request that fails, while many come", async () => {
    const old = workers.processIds;
    const counted = await countedBy(workers);
    const loads = [1, 50].map((requestsPerConnection) => new Load({ port: workers.port ?? 0, requestsPerConnection }));
    await Promise.all(loads.map((load) => load.more(200)));
    await workers.reload();
    await Promise.all(loads.map((load) => load.more(200)));
    await Promise.all(loads.map((load) => load.stop()));
    assert.deepEqual(
      loads.flatMap(({ failures }) => failures),
      [],
    );
    assert.equal(workers.processIds.length, 2);
    assert.ok(workers.processIds.every((processId) => !old.includes(processId)));
    const answered = loads.reduce((sum, load) => sum + load.answered, 0);
    // A client may have left before it was noted that its last answer has.
    assert.ok((await countedBy(workers)) >= counted + answered, "what is gone is still counted");
  });

  test("that crash are replaced, while others answer, and what they had counted stays", async () => {
    const counted = await countedBy(workers);
    const { processIds } = workers;
    await assert.rejects(async () => {
      if ((await ask(workers, "/crash")) === "") throw new Error("left without an answer");
    });
    const seen = new Set<number>();
    while (seen.size < 2) {
      const { processId } = await whoAnswers(workers);
      if (crashed.includes(processId)) assert.fail("a worker that is gone has answered");
      seen.add(processId);
    }
    assert.equal(crashed.length, 1);
    assert.ok(processIds.includes(crashed[0] ?? 0));
    assert.ok((await countedBy(workers)) > counted);
  });

  test("stay when those that are to replace them do not start", async () => {
    const { processIds } = workers;
    process.env["TEST_WORKER_FAULT"] = "the database is away";
    try {
      await assert.rejects(workers.reload(), (error) => {
        assert.ok(error instanceof TransportError);
        assert.equal(error.code, "WORKER_START_FAILED");
        assert.match(error.message, /the database is away/);
        return true;
      });
    } finally {
      delete process.env["TEST_WORKER_FAULT"];
    }
    assert.deepEqual(workers.processIds, processIds);
    assert.ok(processIds.includes((await whoAnswers(workers)).processId));
  });

  test("are gone when they have closed", async () => {
    const { processIds, port = 0 } = workers;
    await workers.close();
    assert.ok(processIds.every((processId) => !isRunning(processId)));
    const [error] = (await once(connect(port, "127.0.0.1"), "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNREFUSED");
    await assert.rejects(workers.reload(), TransportError);
  });
});

describe("workers over TLS", () => {
  let workers: Workers;
  let folder: string;
  before(async () => {
    const authority = await mintAuthority();
    process.env["TEST_WORKER_IDENTITY"] = JSON.stringify(
      await mintCertificate({ issuer: authority, names: ["a.example"] }),
    );
    workers = await serveWorkers({ module, workers: 2 });
    folder = await mkdtemp(join(tmpdir(), "fairlead-workers-"));
  });
  after(async () => {
    delete process.env["TEST_WORKER_IDENTITY"];
    await workers.close({ graceMilliseconds: 0 });
    await rm(folder, { recursive: true });
  });

  /** Asks once by OpenSSL, with the session in a file; who has answered, and whether the session was resumed. */
  async function askByOpenssl(...args: readonly string[]): Promise<Answer & { readonly isResumed: boolean }> {
    const address = `127.0.0.1:${String(workers.port)}`;
    await using openssl = await startPeer("openssl", [
      "s_client",
      "-connect",
      address,
      "-servername",
      "a.example",
      ...args,
    ]);
    openssl.type("GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
    const [answer] = await openssl.says(/\{"number".*\}/);
    await openssl.ended();
    return { ...(JSON.parse(answer) as Answer), isResumed: /^Reused, TLS/m.test(openssl.output) };
  }

  for (const version of ["-tls1_2", "-tls1_3"]) {
    test(`resume each other's sessions, until their keys change: ${version}`, async () => {
      const file = join(folder, version);
      const first = await askByOpenssl(version, "-sess_out", file);
      assert.equal(first.isResumed, false);
      let other = first;
      while (other.processId === first.processId) {
        other = await askByOpenssl(version, "-sess_in", file);
        assert.equal(other.isResumed, true, "by either of them");
      }
      workers.rotateTicketKeys();
      // They are told in their turn; both are scraped behind it.
      await workers.metrics();
      assert.equal((await askByOpenssl(version, "-sess_in", file)).isResumed, false);
    });
  }

  test("are replaced without a request that fails, handshakes included", async () => {
    const loads = [1, 20].map(
      (requestsPerConnection) =>
        new Load({ port: workers.port ?? 0, isSecure: true, connections: 4, requestsPerConnection }),
    );
    await Promise.all(loads.map((load) => load.more(40)));
    await workers.reload();
    await Promise.all(loads.map((load) => load.more(40)));
    await Promise.all(loads.map((load) => load.stop()));
    assert.deepEqual(
      loads.flatMap(({ failures }) => failures),
      [],
    );
  });
});

describe("a primary", () => {
  test("that does not get its first workers to start says why", async () => {
    process.env["TEST_WORKER_FAULT"] = "no configuration";
    try {
      await assert.rejects(serveWorkers({ module, workers: 1 }), /no configuration/);
    } finally {
      delete process.env["TEST_WORKER_FAULT"];
    }
  });

  test("takes a positive whole number of workers", async () => {
    for (const workers of [0, -1, 1.5, Number.NaN]) await assert.rejects(serveWorkers({ module, workers }), UsageError);
  });

  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    test(`leaves no worker behind: ${signal}`, async () => {
      const args = [...process.execArgv, new URL("./primary.ts", import.meta.url).pathname];
      await using primary = await startPeer(process.execPath, args);
      const [, line = ""] = await primary.says(/serving: (.*)/);
      const { processIds } = JSON.parse(line) as { readonly processIds: readonly number[] };
      assert.ok(processIds.every(isRunning));
      process.kill(primary.pid, signal);
      await primary.ended();
      while (processIds.some(isRunning)) await nextTurn();
    });
  }
});
