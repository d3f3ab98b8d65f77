import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { UsageError } from "@fairlead/core";
import { z } from "zod";
import { bytes, events, form, json, multipart, ndjson, text, type Operation } from "../../src/contract/index.ts";
import { Problem } from "../../src/server/index.ts";
import { problemOf, serveOne } from "./served.ts";

const user = z.object({ id: z.number(), name: z.string() });
const get = { method: "GET", path: "/" } as const;

describe("an answer", () => {
  test("is the content of the only success", async () => {
    const served = serveOne({ ...get, responses: { 201: user, 404: z.string() } }, () => ({ id: 1, name: "Ada" }));
    const answer = await served.ask("/");
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get("content-type"), "application/json");
    assert.deepEqual(await answer.json(), { id: 1, name: "Ada" });
  });

  test("has the status and the fields that its handler says", async () => {
    const headers = z.object({ location: z.string() });
    const served = serveOne({ ...get, responses: { 200: user, 202: { headers, content: null } } }, ({ answer }) =>
      answer(202, undefined, { Location: "/jobs/1" }),
    );
    const answer = await served.ask("/");
    assert.equal(answer.status, 202);
    assert.equal(answer.headers.get("location"), "/jobs/1");
    assert.equal(await answer.text(), "");
  });

  test("is what a handler makes itself, as it is", async () => {
    const served = serveOne({ ...get, responses: { 200: user } }, () => new Response("teapot", { status: 418 }));
    const answer = await served.ask("/");
    assert.deepEqual([answer.status, await answer.text()], [418, "teapot"]);
  });

  test("tells no more than the contract says, and what is read as something else as it was given", async () => {
    const served = serveOne(
      { ...get, responses: { 200: z.object({ at: z.iso.datetime().transform((at) => new Date(at)), by: user }) } },
      () => {
        const row = { id: 1, name: "Ada", password: "hash" };
        return { at: "2026-11-22T00:00:00Z", by: row, internal: true };
      },
    );
    assert.deepEqual(await (await served.ask("/")).json(), { at: "2026-11-22T00:00:00Z", by: { id: 1, name: "Ada" } });
  });

  test("keeps what a schema gives another name", async () => {
    const renamed = z
      .object({ created_at: z.string().optional() })
      .transform((value) => ({ createdAt: value.created_at }));
    const served = serveOne({ ...get, responses: { 200: renamed } }, () => ({ created_at: "now" }));
    assert.deepEqual(await (await served.ask("/")).json(), { created_at: "now" });
  });

  test("may be text, octets, a form and lines", async () => {
    const plain = serveOne({ ...get, responses: { 200: text() } }, () => "ü");
    const answer = await plain.ask("/");
    assert.equal(answer.headers.get("content-type"), "text/plain;charset=UTF-8");
    assert.equal(await answer.text(), "ü");
    const octets = serveOne({ ...get, responses: { 200: bytes() } }, () => Uint8Array.of(1, 2));
    assert.deepEqual(await (await octets.ask("/")).bytes(), Uint8Array.of(1, 2));
    const fields = serveOne(
      { ...get, responses: { 200: form(z.object({ a: z.string(), b: z.array(z.string()) })) } },
      () => ({
        a: "1 2",
        b: ["3", "4"],
      }),
    );
    assert.equal(await (await fields.ask("/")).text(), "a=1+2&b=3&b=4");
    const files = serveOne({ ...get, responses: { 200: multipart(z.object({ a: z.string(), f: z.file() })) } }, () => ({
      a: "1",
      f: new File(["one"], "a.txt"),
    }));
    assert.match(await (await files.ask("/")).text(), /name="a"\r\n\r\n1\r\n[^]*filename="a.txt"[^]*\r\n\r\none\r\n/);
    const lines = serveOne({ ...get, responses: { 200: ndjson(user) } }, async function* lines() {
      yield await Promise.resolve({ id: 1, name: "Ada" });
      yield { id: 2, name: "Grace" };
    });
    assert.equal(await (await lines.ask("/")).text(), '{"id":1,"name":"Ada"}\n{"id":2,"name":"Grace"}\n');
  });

  test("may be more lines than there is room for, which nobody else waits for", async () => {
    const served = serveOne({ ...get, responses: { 200: ndjson(z.number()) } }, () =>
      Array.from({ length: 20_000 }, (_, at) => at),
    );
    const { body } = await served.ask("/");
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    count();
    let octets = 0;
    assert.ok(body);
    for await (const piece of body as ReadableStream<Uint8Array>) octets += piece.length;
    isOver = true;
    assert.equal(
      octets,
      Array.from({ length: 20_000 }, (_, at) => String(at).length + 1).reduce((sum, one) => sum + one),
    );
    assert.ok(turns > 5, String(turns));
  });

  test("may be events", async () => {
    const served = serveOne({ ...get, responses: { 200: events(user) } }, () => [
      { event: "joined", id: "7", data: { id: 1, name: "Ada" } },
    ]);
    const answer = await served.ask("/");
    assert.equal(answer.headers.get("content-type"), "text/event-stream");
    assert.equal(await answer.text(), 'event: joined\nid: 7\ndata: {"id":1,"name":"Ada"}\n\n');
  });
});

describe("the media type of an answer", () => {
  const responses = { 200: [json(user), text("text/csv")] } as const;
  const served = serveOne({ ...get, responses }, ({ mediaType }) =>
    mediaType === "text/csv" ? "1,Ada" : { id: 1, name: "Ada" },
  );
  const ask = (accept?: string): Promise<Response> =>
    served.ask("/", accept === undefined ? {} : { headers: { accept } });

  test("is what the client likes best", async () => {
    const cases: readonly (readonly [accept: string | undefined, type: string])[] = [
      [undefined, "application/json"],
      ["*/*", "application/json"],
      ["text/csv", "text/csv;charset=UTF-8"],
      ["text/*, application/json;q=0.5", "text/csv;charset=UTF-8"],
      ["application/json, text/csv;q=0.9", "application/json"],
    ];
    for (const [accept, type] of cases) {
      const answer = await ask(accept);
      assert.equal(answer.headers.get("content-type"), type, accept);
      assert.equal(answer.headers.get("vary"), "accept");
    }
  });

  test("is 406 where nothing fits, before anything is done", async () => {
    let calls = 0;
    const counted = serveOne({ ...get, responses: { 200: user } }, () => {
      calls += 1;
      return { id: 1, name: "Ada" };
    });
    const problem = await problemOf(counted.ask("/", { headers: { accept: "image/png" } }));
    assert.deepEqual([problem["status"], problem["detail"], calls], [406, "there is application/json", 0]);
  });

  test("has to be said where the contract leaves it open", async () => {
    const picture = serveOne({ ...get, responses: { 200: bytes("image/*") } }, ({ answer }) =>
      answer(200, Uint8Array.of(1), { "content-type": "image/png" }),
    );
    assert.equal((await picture.ask("/")).headers.get("content-type"), "image/png");
    const untyped = serveOne({ ...get, responses: { 200: bytes("image/*") } }, () => Uint8Array.of(1));
    assert.equal((await untyped.ask("/")).status, 500);
  });
});

describe("an answer that breaks the contract", () => {
  const secret = "4111 1111 1111 1111";
  const broken: readonly (readonly [what: string, operation: Operation, given: unknown])[] = [
    ["a value of another type", { ...get, responses: { 200: user } }, { id: secret, name: "Ada" }],
    ["a value without a form in JSON", { ...get, responses: { 200: z.unknown() } }, undefined],
    ["text that is none", { ...get, responses: { 200: text() } }, 7],
    ["octets that are none", { ...get, responses: { 200: bytes() } }, "text"],
    ["lines that are none", { ...get, responses: { 200: ndjson(user) } }, "text"],
    ["events that are none", { ...get, responses: { 200: events(user) } }, 7],
    ["no status where there are several", { ...get, responses: { 200: user, 201: user } }, { id: 1, name: "Ada" }],
  ];
  for (const [what, operation, given] of broken) {
    test(`is a 500 that tells nothing, and is told to who runs the service: ${what}`, async () => {
      // What its types forbid.
      const served = serveOne(operation, () => given as never);
      const answer = await served.ask("/");
      assert.equal(await answer.text(), '{"type":"about:blank","title":"Internal Server Error","status":500}');
      assert.equal(answer.status, 500);
      const [error] = served.errors;
      assert.equal(error?.code, "CONTRACT_BROKEN");
      assert.equal(error.operation, "only");
      assert.ok(!error.message.includes(secret));
    });
  }

  test("has issues, and says which answer it is", async () => {
    const served = serveOne({ ...get, responses: { 203: user } }, () => ({ id: 1, name: 7 }) as never);
    await served.ask("/");
    assert.deepEqual(served.errors[0]?.issues, [
      { message: "Invalid input: expected string, received number", path: ["name"] },
    ]);
    assert.match(served.errors[0].message, /^only: .* \(answer 203, application\/json\)/);
  });

  test("by its fields", async () => {
    const headers = z.object({ etag: z.string() });
    const served = serveOne({ ...get, responses: { 200: { headers, content: user } } }, () => ({ id: 1, name: "Ada" }));
    assert.equal((await served.ask("/")).status, 500);
    assert.deepEqual(served.errors[0]?.issues[0]?.path, ["etag"]);
  });

  test("cuts lines and events where it happens", async () => {
    const items = [{ id: 1, name: "Ada" }, { id: 2 }, { id: 3, name: "Grace" }] as never;
    const lines = serveOne({ ...get, responses: { 200: ndjson(user) } }, () => items);
    const reader = (await lines.ask("/")).body?.getReader();
    assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), '{"id":1,"name":"Ada"}\n');
    await assert.rejects(async () => reader?.read(), { code: "CONTRACT_BROKEN" });
    assert.equal(lines.errors[0]?.code, "CONTRACT_BROKEN");
    const stream = serveOne({ ...get, responses: { 200: events(user) } }, () => [{ data: { id: 2 } }] as never);
    await assert.rejects((await stream.ask("/")).text(), { code: "CONTRACT_BROKEN" });
    assert.equal(stream.errors[0]?.code, "CONTRACT_BROKEN");
  });

  test("splits nothing by its fields", async () => {
    for (const headers of [{ "x-a": "1\r\nset-cookie: b=c" }, { "x-a\r\nb": "1" }, { "x-a": "\0" }, { "": "1" }]) {
      const served = serveOne({ ...get, responses: { 200: user } }, ({ answer }) =>
        answer(200, { id: 1, name: "Ada" }, headers as Readonly<Record<string, string>>),
      );
      assert.equal((await served.ask("/")).status, 500);
      // It is another class's.
      const [error] = served.errors as readonly unknown[] as readonly UsageError[];
      assert.equal(error?.code, "HEADER_INVALID");
    }
  });
});

describe("what a handler throws", () => {
  test("is a 500 that tells nothing, and is told to who runs the service", async () => {
    const failure = new Error("password is hunter2");
    const served = serveOne({ ...get, responses: { 204: null } }, () => {
      throw failure;
    });
    assert.equal(
      await (await served.ask("/")).text(),
      '{"type":"about:blank","title":"Internal Server Error","status":500}',
    );
    assert.deepEqual(served.errors, [failure]);
  });

  test("is the answer where it is a problem, as it is where it is returned", async () => {
    for (const way of ["thrown", "returned"]) {
      const served = serveOne({ ...get, responses: { 204: null } }, () => {
        const problem = new Problem(
          409,
          { type: "https://a.example/taken", detail: "taken", name: "Ada" },
          { "x-a": "1" },
        );
        if (way === "thrown") throw problem;
        return problem;
      });
      const answer = await served.ask("/");
      assert.equal(answer.headers.get("x-a"), "1");
      assert.deepEqual(await problemOf(Promise.resolve(answer)), {
        type: "https://a.example/taken",
        status: 409,
        detail: "taken",
        name: "Ada",
      });
      assert.deepEqual(served.errors, []);
    }
  });

  test("is a warning of the process where nobody hears it, and so is what a hearer throws", async () => {
    const warnings: string[] = [];
    const hear = (warning: Error): unknown => warnings.push(warning.message);
    process.on("warning", hear);
    try {
      const fails = (): never => {
        throw new Error("broken");
      };
      const deaf = serveOne({ ...get, responses: { 204: null } }, fails, {
        onError: () => {
          throw new Error("deaf");
        },
      });
      assert.equal((await deaf.ask("/")).status, 500);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      assert.deepEqual(warnings, ["operation only failed: deaf"]);
    } finally {
      process.off("warning", hear);
    }
  });
});

for (const [what, problem, told] of [
  [
    "a field that could be read as two",
    () => new Problem(409, {}, { "x-a": "1\r\nset-cookie: a=1" }),
    "HEADER_INVALID",
  ],
  ["a member without a form in JSON", () => new Problem(409, { size: 1n }), undefined],
] as const) {
  test(`a problem with ${what} is a failure of the handler, told and answered with 500`, async () => {
    for (const isThrown of [true, false]) {
      const served = serveOne({ method: "GET", path: "/", responses: { 200: z.string() } }, () => {
        if (isThrown) throw problem();
        return problem();
      });
      const answer = await served.ask("/");
      assert.equal(answer.status, 500);
      assert.equal(answer.headers.get("set-cookie"), null);
      assert.deepEqual(
        served.errors.map(({ code }) => code),
        [told],
      );
    }
  });
}
