import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { OperationError, readOperation, untilDone, type UntilDoneOptions } from "../../src/patterns/index.ts";
import { startService } from "../client/service.ts";

/** Time that passes when it is waited for. */
function clock(): { readonly waits: number[] } & Required<Pick<UntilDoneOptions, "now" | "wait">> {
  const waits: number[] = [];
  let now = 1_000_000;
  return {
    waits,
    now: () => now,
    wait: (milliseconds, signal) => {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

interface Step {
  readonly at: string;
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** A service that answers these requests, in this order. */
async function scripted(steps: readonly Step[]) {
  const left = [...steps];
  const service = await startService((request) => {
    const step = left.shift();
    const { pathname, search } = new URL(request.url);
    assert.equal(`${request.method} ${pathname}${search}`, step?.at);
    const { status = 200, headers = {}, body } = step ?? {};
    return body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
  });
  return Object.assign(service, { left });
}

describe("an operation that a service has accepted", () => {
  const rows: readonly {
    readonly name: string;
    readonly steps: readonly Step[];
    readonly value: unknown;
    readonly waits?: readonly number[];
  }[] = [
    {
      name: "202 and Location, until there is another status",
      steps: [
        { at: "POST /reports", status: 202, headers: { location: "/jobs/7", "retry-after": "2" } },
        { at: "GET /jobs/7", status: 202, headers: { "retry-after": "3" } },
        { at: "GET /jobs/7", body: { pages: 3 } },
      ],
      value: { pages: 3 },
      waits: [2_000, 3_000],
    },
    {
      name: "202 and Location, which moves, to a resource with a status of its own",
      steps: [
        { at: "POST /reports", status: 202, headers: { location: "jobs/7" } },
        { at: "GET /jobs/7", status: 202, headers: { location: "/jobs/8" } },
        { at: "GET /jobs/8", body: { id: 1, status: "published" } },
      ],
      value: { id: 1, status: "published" },
      waits: [500, 750],
    },
    {
      name: "202 and Location, whose answer is a redirect to what came of it",
      steps: [
        { at: "POST /reports", status: 202, headers: { location: "/jobs/7" } },
        { at: "GET /jobs/7", status: 303, headers: { location: "/reports/1" } },
        { at: "GET /reports/1", body: { id: 1 } },
      ],
      value: { id: 1 },
    },
    {
      name: "nothing to tell when it is done",
      steps: [
        { at: "POST /reports", status: 202, headers: { location: "/jobs/7" } },
        { at: "GET /jobs/7", status: 204 },
      ],
      value: undefined,
    },
    {
      name: "Azure's Operation-Location, and the resource at its end",
      steps: [
        {
          at: "POST /reports",
          status: 202,
          headers: { "operation-location": "/ops/1" },
          body: { id: "1", status: "NotStarted" },
        },
        { at: "GET /ops/1", body: { status: "Running", percentComplete: 40 } },
        { at: "GET /ops/1", body: { status: "Succeeded", resourceLocation: "/reports/1" } },
        { at: "GET /reports/1", body: { id: 1 } },
      ],
      value: { id: 1 },
    },
    {
      name: "Azure's Azure-AsyncOperation, with the result at Location",
      steps: [
        {
          at: "POST /reports",
          status: 201,
          headers: { "azure-asyncoperation": "/ops/1", location: "/reports/1" },
          body: { properties: {} },
        },
        { at: "GET /ops/1", body: { status: "Vendor-specific" }, headers: { "operation-location": "/ops/1" } },
        { at: "GET /ops/1", body: { status: "Succeeded" } },
        { at: "GET /reports/1", body: { id: 1 } },
      ],
      value: { id: 1 },
    },
    {
      name: "Google's operation, named below the version of the service",
      steps: [
        { at: "POST /reports", body: { name: "operations/7", done: false, metadata: {} } },
        { at: "GET /operations/7", body: { name: "operations/7", done: false } },
        { at: "GET /operations/7", body: { name: "operations/7", done: true, response: { id: 1 } } },
      ],
      value: { id: 1 },
    },
    {
      name: "JSON:API's job",
      steps: [
        {
          at: "POST /reports",
          status: 202,
          headers: { "content-location": "/jobs/7" },
          body: { data: { type: "jobs", attributes: { status: "Pending" } } },
        },
        { at: "GET /jobs/7", body: { data: { type: "jobs", attributes: { status: "Pending" } } } },
        { at: "GET /jobs/7", status: 303, headers: { location: "/photos/4577" } },
        { at: "GET /photos/4577", body: { data: { id: "4577" } } },
      ],
      value: { data: { id: "4577" } },
    },
    {
      name: "a result in the document",
      steps: [
        { at: "POST /reports", status: 202, headers: { location: "/jobs/7" } },
        { at: "GET /jobs/7", body: { state: "in_progress" } },
        { at: "GET /jobs/7", body: { state: "COMPLETED", result: [1, 2] } },
      ],
      value: [1, 2],
    },
    {
      name: "one that is done at once",
      steps: [{ at: "POST /reports", status: 201, body: { id: 1 } }],
      value: { id: 1 },
      waits: [],
    },
  ];
  for (const { name, steps, value, waits } of rows) {
    test(name, async () => {
      await using service = await scripted(steps);
      const time = clock();
      const client = service.client();
      assert.deepEqual(await untilDone(client, client.post("reports", { json: {} }), time), value);
      assert.deepEqual(service.left, []);
      if (waits !== undefined) assert.deepEqual(time.waits, waits);
    });
  }

  test("can be asked about by its address alone, and tells its progress", async () => {
    await using service = await scripted([
      { at: "GET /jobs/7", body: { status: "running", percent: 10 } },
      { at: "GET /jobs/7", body: { status: "done", percent: 100 } },
    ]);
    const progress: unknown[] = [];
    const onProgress = (document: unknown): void => {
      progress.push((document as { percent: number }).percent);
    };
    assert.deepEqual(await untilDone(service.client(), "jobs/7", { ...clock(), onProgress }), {
      status: "done",
      percent: 100,
    });
    assert.deepEqual(progress, [10, 100]);
  });

  test("is read by the application, where a service has a way of its own", async () => {
    await using service = await scripted([
      { at: "GET /jobs/7", body: { phase: 1 } },
      { at: "GET /jobs/7", body: { phase: 2, out: "x" } },
    ]);
    const value = await untilDone(service.client(), "jobs/7", {
      ...clock(),
      read: ({ document }) => {
        const { phase, out } = document as { phase: number; out?: string };
        return phase === 1
          ? { type: "running", monitor: undefined }
          : { type: "done", resultAt: undefined, value: out };
      },
    });
    assert.equal(value, "x");
  });
});

describe("an operation that fails", () => {
  const failures: readonly (readonly [string, unknown, object])[] = [
    [
      "Azure",
      { status: "Failed", error: { code: "Quota", message: "too much" } },
      { title: "Failed", type: "about:blank", code: "Quota", detail: "too much" },
    ],
    [
      "Google",
      { name: "o/1", done: true, error: { code: 8, message: "too much" } },
      { type: "about:blank", code: 8, detail: "too much" },
    ],
    ["one that was ended", { state: "CANCELLED" }, { title: "CANCELLED", type: "about:blank" }],
  ];
  for (const [name, body, problem] of failures) {
    test(`says why: ${name}`, async () => {
      await using service = await scripted([{ at: "GET /jobs/7", body }]);
      await assert.rejects(untilDone(service.client(), "jobs/7", clock()), (error: unknown) => {
        assert.ok(error instanceof OperationError);
        assert.equal(error.code, "OPERATION_FAILED");
        assert.deepEqual(error.problem, problem);
        return true;
      });
    });
  }

  test("is a StatusError where asking how it goes fails", async () => {
    await using service = await scripted([
      { at: "POST /reports", status: 202, headers: { location: "/jobs/7" } },
      { at: "GET /jobs/7", status: 404 },
    ]);
    const client = service.client();
    await assert.rejects(untilDone(client, client.post("reports"), clock()), { code: "SERVICE_STATUS", status: 404 });
  });

  test("is given up when its time is over, without waiting for what would be too late", async () => {
    await using service = await startService(() =>
      Response.json({ status: "running" }, { headers: { "retry-after": "40" } }),
    );
    const time = clock();
    await assert.rejects(untilDone(service.client(), "jobs/7", { ...time, deadlineMilliseconds: 100_000 }), {
      code: "TIMED_OUT",
      phase: "total",
    });
    assert.deepEqual(time.waits, [40_000, 40_000]);
  });

  test("is asked about more and more rarely", async () => {
    let asked = 0;
    await using service = await startService(() => Response.json({ status: (asked += 1) === 12 ? "done" : "running" }));
    const time = clock();
    await untilDone(service.client(), "jobs/7", time);
    assert.equal(time.waits[0], 500);
    assert.equal(time.waits.at(-1), 10_000);
  });

  test("is asked about as often as the application wants", async () => {
    let asked = 0;
    await using service = await startService(() => Response.json({ status: (asked += 1) === 5 ? "done" : "running" }));
    const time = clock();
    const options = { ...time, firstWaitMilliseconds: 100, longestWaitMilliseconds: 200 };
    await untilDone(service.client(), "jobs/7", options);
    assert.deepEqual(time.waits, [100, 150, 200, 200]);
  });

  test("ends with the signal's reason, while it is waited for", { timeout: 60_000 }, async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    await using service = await startService(() =>
      Response.json({ status: "running" }, { headers: { "retry-after": "500" } }),
    );
    const onProgress = (): void => {
      setImmediate(() => {
        controller.abort(reason);
      });
    };
    await assert.rejects(untilDone(service.client(), "jobs/7", { signal: controller.signal, onProgress }), reason);
  });

  for (const [what, headers, code] of [
    ["another origin", { location: "https://evil.example/" }, "FOLLOWED_ORIGIN_REFUSED"],
    [
      "another origin for the result",
      { "operation-location": "/ops/1", location: "//evil.example/" },
      "FOLLOWED_ORIGIN_REFUSED",
    ],
    ["nowhere", {}, "FOLLOWED_ADDRESS_INVALID"],
  ] as const) {
    test(`is not followed to ${what}`, async () => {
      await using service = await startService(() => new Response(null, { status: 202, headers }));
      const client = service.client();
      await assert.rejects(untilDone(client, client.post("reports"), clock()), { code });
    });
  }

  test("may say anything", () => {
    const word = fc.constantFrom("running", "done", "failed", "?", "", 1, null, true, {});
    const document = fc.record(
      { status: word, state: word, done: word, error: word, name: word, result: word },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.constantFrom(200, 202, 204), document, fc.option(fc.string()), (status, said, location) => {
        const state = readOperation({ status, document: said, field: () => location ?? undefined });
        assert.ok(["running", "done", "failed"].includes(state.type));
      }),
    );
  });
});

test("a service that wants to be asked again at once is asked ten times a second at the most", async () => {
  const at = "GET /jobs/7";
  const again: Step = { at, status: 202, headers: { "retry-after": "0" } };
  await using service = await scripted([
    { ...again, at: "POST /jobs", headers: { location: "/jobs/7", "retry-after": "0" } },
    again,
    { at, body: 1 },
  ]);
  const { waits, now, wait } = clock();
  assert.equal(await untilDone(service.client(), service.client().post("jobs"), { now, wait }), 1);
  assert.deepEqual(waits, [100, 100]);
});
