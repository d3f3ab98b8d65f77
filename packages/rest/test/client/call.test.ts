import { openNetworkAccessManager, type RequestOptions } from "@fairlead/access";
import { ContentError, TimeoutError } from "@fairlead/core";
import { restClient, StatusError, type Call } from "@fairlead/rest/client";
import { LeanResponse } from "@fairlead/server";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { z } from "zod";
import { startService } from "./service.ts";

/** More than is taken in before somebody reads. */
const LARGE = new Uint8Array(4 * 1024 * 1024).fill(0x61);

test("what is done with a call at once says what it is asked for in", async () => {
  await using service = await startService((request) => {
    const accept = request.headers.get("accept") ?? "nothing";
    return new Response(`data: ${accept}\n\n`, {
      headers: { "content-type": accept.startsWith("application/json") ? "text/event-stream" : accept },
    });
  });
  const client = service.client();
  const asked = async (call: Call): Promise<string | null> => (await call).headers.get("content-type");
  const text = client.get("x");
  assert.equal(await text.text(), "data: */*\n\n");
  const events = client.get("x").events();
  for await (const { data } of events) assert.equal(data, "text/event-stream");
  assert.equal(await asked(client.get("x")), "nothing");
  assert.equal(await asked(client.get("x", { accept: "text/csv" })), "text/csv");
  assert.equal(await asked(client.get("x", { headers: { Accept: "text/csv" } })), "text/csv");
  assert.equal(await asked(service.client({ headers: { accept: "text/csv" } }).get("x")), "text/csv");
});

test("a call is sent though nobody waits for it, and its response can be read later", async () => {
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<undefined>();
  await using service = await startService(() => {
    onAsked(undefined);
    return LeanResponse.json({ later: true });
  });
  const call = service.client().get("x");
  await asked;
  const response = await call;
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { later: true });
});

test("a response is read in one form, once", async () => {
  await using service = await startService(() => LeanResponse.json({ a: 1 }));
  const call = service.client().get("x");
  assert.deepEqual(await call.json(), { a: 1 });
  await assert.rejects(call.text(), TypeError);
});

test("JSON is held to a schema, and what comes of it is typed", async () => {
  await using service = await startService(() => LeanResponse.json({ name: "Ada", born: "1815-12-10" }));
  const person = z.object({ name: z.string(), born: z.coerce.date() });
  const { name, born } = await service.client().get("x").json(person);
  assert.equal(`${name} ${String(born.getUTCFullYear())}`, "Ada 1815");
  await assert.rejects(
    service
      .client()
      .get("x")
      .json(z.object({ name: z.number() })),
    (error) => {
      assert(error instanceof ContentError);
      assert.deepEqual([error.code, error.issues.map(({ path }) => path)], ["CONTRACT_BROKEN", [["name"]]]);
      assert.match(Buffer.from(error.bytes ?? []).toString(), /Ada/);
      return true;
    },
  );
});

test("a page for people in place of JSON is an error that has the page", async () => {
  await using service = await startService(
    () => new Response("<!DOCTYPE html><title>Sign in</title>", { headers: { "content-type": "text/html" } }),
  );
  await assert.rejects(service.client().get("x").json(), (error) => {
    assert(error instanceof ContentError);
    assert.equal(error.code, "CONTENT_TYPE_UNEXPECTED");
    assert.match(Buffer.from(error.bytes ?? []).toString(), /Sign in/);
    assert(!Object.keys(error).includes("bytes"));
    return true;
  });
  await assert.rejects(
    async () => {
      for await (const event of service.client().get("x").events()) assert.fail(JSON.stringify(event));
    },
    { code: "CONTENT_TYPE_UNEXPECTED" },
  );
});

test("a status without content has no JSON", async () => {
  await using service = await startService(() => new Response(null, { status: 204 }));
  assert.equal(await service.client().delete("x").json(), undefined);
  assert.equal(await service.client().delete("x").text(), "");
});

test("a redirect that is not followed can be looked at, and is not what was asked for", async () => {
  await using service = await startService(() => new Response(null, { status: 304, headers: { etag: '"1"' } }));
  const response = await service.client().get("x");
  assert.deepEqual([response.status, response.headers.get("etag")], [304, '"1"']);
  await assert.rejects(service.client().get("x").json(), { code: "SERVICE_STATUS", status: 304 });
});

test("of an error's content 64 KiB are kept, and the rest is given up", async () => {
  const { promise: left, resolve: onLeft } = Promise.withResolvers<undefined>();
  await using service = await startService((request) => {
    request.signal.addEventListener("abort", () => {
      onLeft(undefined);
    });
    return new Response(endless(), { status: 500 });
  });
  await assert.rejects(service.client({ retry: false }).get("x").json(), (error) => {
    assert(error instanceof StatusError);
    assert.equal(error.bytes.length, 64 * 1024);
    return true;
  });
  await left;
});

test("an error whose content breaks off is told all the same", async () => {
  await using service = await startService(() => {
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(Buffer.from("half of i"));
      },
      pull: () => Promise.reject(new Error("broken")),
    });
    return new Response(broken, { status: 500 });
  });
  await assert.rejects(service.client({ retry: false }).get("x"), { code: "SERVICE_STATUS", status: 500 });
});

for (const [name, leave] of [
  [
    "a response that is discarded",
    async (call) => {
      (await call).discard();
    },
  ],
  [
    "a response at the end of its scope",
    async (call) => {
      await using response = await call;
      assert.equal(response.status, 200);
    },
  ],
  [
    "events of which one was enough",
    async (call) => {
      for await (const { data } of call.events()) {
        assert.equal(data, "hello");
        break;
      }
    },
  ],
  [
    "a stream that is cancelled",
    async (call) => {
      await (await call.stream()).cancel();
    },
  ],
  [
    "a stream of which one piece was enough",
    async (call) => {
      for await (const piece of await call.stream()) {
        assert(piece.length > 0);
        break;
      }
    },
  ],
] as readonly (readonly [string, (call: Call) => Promise<void>])[]) {
  test(`${name} ends the request`, async () => {
    const { promise: left, resolve: onLeft } = Promise.withResolvers<undefined>();
    await using service = await startService((request) => {
      request.signal.addEventListener("abort", () => {
        onLeft(undefined);
      });
      return new Response(endless(), { headers: { "content-type": "text/event-stream" } });
    });
    await leave(service.client().get("x"));
    await left;
  });
}

test("the time that a call may take is that of its content, too, and the error says which", async () => {
  await using service = await startService(() => new Response(new ReadableStream({ pull: () => never() })));
  const client = service.client({ timeout: 50 });
  for (const options of [{}, { timeout: 20 }]) {
    await assert.rejects(client.get("x", options).bytes(), (error) => {
      assert(error instanceof TimeoutError);
      assert.equal(error.phase, "total");
      return true;
    });
  }
});

test("what is streamed has a minute to begin, everything else a minute to end, unless a time is said", async (context) => {
  const asked: (readonly [total: unknown, timeouts: unknown])[] = [];
  await using manager = await openNetworkAccessManager();
  context.mock.method(manager, "request", (_url: string, options: RequestOptions) => {
    asked.push([options.timeoutMilliseconds, options.timeouts]);
    return Promise.reject(new Error("asked"));
  });
  const client = restClient({ manager, base: "https://a.example/" });
  const endless = { timeout: Number.POSITIVE_INFINITY };
  for (const options of [{}, endless, { timeout: 5 }]) await assert.rejects(client.get("x", options).json(), /asked/);
  await assert.rejects(client.get("x").stream(), /asked/);
  await assert.rejects(client.with(endless).get("x").stream(), /asked/);
  assert.deepEqual(asked, [
    [60_000, undefined],
    [undefined, { total: Number.POSITIVE_INFINITY }],
    [5, undefined],
    [undefined, { response: 60_000 }],
    [undefined, { total: Number.POSITIVE_INFINITY }],
  ]);
});

test("a call that is given up rejects with the reason", async () => {
  await using service = await startService(() => never());
  const controller = new AbortController();
  const reason = new Error("enough");
  const call = service.client().get("x", { signal: controller.signal });
  const outcome = assert.rejects(call.json(), (error) => error === reason);
  controller.abort(reason);
  await outcome;
  await assert.rejects(service.client().get("x", { signal: controller.signal }).json(), (error) => error === reason);
});

test("a failure is told once by each of those who wait, and nobody else hears of it", async () => {
  const unheard: unknown[] = [];
  const listen = (reason: unknown): void => {
    unheard.push(reason);
  };
  process.on("unhandledRejection", listen);
  await using service = await startService(() => new Response(null, { status: 404 }));
  const call = service.client().get("x");
  await assert.rejects(call.json(), StatusError);
  await assert.rejects(Promise.resolve(call), StatusError);
  await assert.rejects(async () => {
    for await (const item of service.client().get("x").events()) assert.fail(JSON.stringify(item));
  }, StatusError);
  await new Promise(setImmediate);
  process.off("unhandledRejection", listen);
  assert.deepEqual(unheard, []);
});

test("a failure of a call that nobody waits for ends the process, as that of any promise", async () => {
  await using service = await startService(() => new Response(null, { status: 404 }));
  const program = `
    import { get } from "@fairlead/rest/client";
    get(${JSON.stringify(`${service.origin}/x`)});`;
  const flags = [...process.execArgv.filter((flag) => flag.startsWith("--conditions")), "--input-type=module"];
  const { cwd, encoding } = { cwd: import.meta.dirname, encoding: "utf8" } as const;
  const run = promisify(execFile)(process.execPath, [...flags, "--eval", program], { cwd, encoding });
  await assert.rejects(run, (error) => {
    assert.equal(Reflect.get(error as Error, "code"), 1);
    assert.match(String(Reflect.get(error as Error, "stderr")), /SERVICE_STATUS/);
    return true;
  });
});

test("octets are limited that are read whole", async () => {
  await using service = await startService(() => new Response(LARGE));
  const client = service.client({ contentLimitBytes: 1_000_000 });
  await assert.rejects(client.get("x").bytes(), { code: "BODY_LIMIT" });
  await assert.rejects(client.get("x", { onDownloadProgress: () => undefined }).bytes(), { code: "BODY_LIMIT" });
  assert.equal((await client.get("x", { contentLimitBytes: 5_000_000 }).bytes()).length, LARGE.length);
});

test("octets are told as they go out and come in", async () => {
  await using service = await startService(async (request) => {
    assert.equal(request.headers.get("content-length"), String(LARGE.length));
    const bytes = new Uint8Array(await request.arrayBuffer());
    return new Response(bytes, { headers: { "content-length": String(bytes.length) } });
  });
  const [up, down]: [number[], number[]] = [[], []];
  const bytes = await service
    .client()
    .put("x", {
      body: LARGE,
      onUploadProgress: ({ transferred, total }) => {
        assert.equal(total, LARGE.length);
        up.push(transferred);
      },
      onDownloadProgress: ({ transferred, total }) => {
        assert.equal(total, LARGE.length);
        down.push(transferred);
      },
    })
    .bytes();
  assert.deepEqual([bytes.length, up.at(-1), down.at(-1)], [LARGE.length, LARGE.length, LARGE.length]);
  assert(up.length > 10 && up.every((octets, index) => octets > (up[index - 1] ?? 0)));
});

test("one content goes with a call", async () => {
  await using service = await startService(() => new Response());
  const client = service.client();
  assert.throws(() => client.post("x", { json: 1, body: "2" }), { code: "OPTION_INVALID" });
  assert.throws(() => client.post("x", { form: { a: 1 }, body: "2" }), { code: "OPTION_INVALID" });
  assert.throws(() => client.post("x", { json: () => undefined }), { code: "OPTION_INVALID" });
  assert.throws(() => client.post("x", { json: 1n }), { code: "OPTION_INVALID" });
});

test("a form is sent as browsers do, and read", async () => {
  await using service = await startService(
    async (request) =>
      new Response(await request.text(), { headers: { "content-type": request.headers.get("content-type") ?? "" } }),
  );
  const form = await service
    .client()
    .post("x", { form: { a: "1 &", b: [2, 3], c: undefined } })
    .form();
  assert.equal(form.toString(), "a=1+%26&b=2&b=3");
});

/** Content that does not end by itself. */
function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => {
      controller.enqueue(Buffer.from("data: hello\n\n".repeat(100)));
    },
  });
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
