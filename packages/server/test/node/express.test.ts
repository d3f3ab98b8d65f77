import assert from "node:assert/strict";
import { connect } from "node:net";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, describe, it } from "node:test";
import express from "express";
import { fromNodeHandler } from "../../src/index.ts";
import { startServer, type TestServer } from "../fetch/test-server.ts";

describe("fromNodeHandler with Express 5", () => {
  let folder: string;
  let server: TestServer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fairlead-express-"));
    await writeFile(join(folder, "page.html"), "<p>page</p>");
    await writeFile(join(folder, "large.bin"), Buffer.alloc(3_000_000, 7));
    const app = express();
    app.use(express.json({ limit: "1kb" }));
    app.use("/files", express.static(folder));
    app.get("/hello/:name", (request, response) => {
      response.json({ hello: request.params.name, ip: request.ip, secure: request.secure, query: request.query });
    });
    app.post("/echo", (request, response) => {
      response.status(201).json(request.body);
    });
    app.get("/cookies", (_, response) => {
      response.cookie("a", "1").cookie("b", "2").send("set");
    });
    app.get("/empty", (_, response) => {
      response.status(204).end();
    });
    app.get("/stream", (_, response) => {
      response.type("text/plain");
      Readable.from(["one ", "two ", "three"]).pipe(response);
    });
    app.get("/waits", async (_, response) => {
      response.write(Buffer.alloc(400_000, 1));
      const before = response.writableNeedDrain;
      await once(response, "drain");
      response.end(`${String(before)} ${String(response.writableNeedDrain)}`);
    });
    app.get("/throws", () => {
      throw new Error("secret");
    });
    app.get("/rejects", async () => {
      await Promise.reject(new Error("secret"));
    });
    app.get("/destroys", (_, response) => {
      response.write("some");
      setImmediate(() => response.destroy());
    });
    // Express knows it by its four parameters.
    // eslint-disable-next-line @typescript-eslint/no-unused-vars
    app.use(((error, _request, response, _next) => {
      response.status(500).json({ failed: error instanceof Error });
    }) as express.ErrorRequestHandler);
    server = await startServer(fromNodeHandler(app));
  });

  after(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(server.origin + path, init);

  it("routes, and knows who the client is", async () => {
    const response = await get("/hello/you?a=1");
    assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
    assert.match(response.headers.get("etag") ?? "", /^W\//);
    const body = { hello: "you", ip: "127.0.0.1", secure: false, query: { a: "1" } };
    assert.deepEqual(await response.json(), body);
  });

  it("reads JSON, and has its own limit", async () => {
    const post = (text: string): Promise<Response> =>
      get("/echo", { method: "POST", headers: { "content-type": "application/json" }, body: text });
    const response = await post('{"a":[1]}');
    assert.equal(response.status, 201);
    assert.deepEqual(await response.json(), { a: [1] });
    assert.equal((await post(JSON.stringify(["x".repeat(2_000)]))).status, 500);
  });

  it("sets cookies one by one", async () => {
    assert.deepEqual((await get("/cookies")).headers.getSetCookie(), ["a=1; Path=/", "b=2; Path=/"]);
  });

  it("serves files, whole, by range, and not modified", async () => {
    const page = await get("/files/page.html");
    assert.equal(await page.text(), "<p>page</p>");
    const etag = page.headers.get("etag") ?? "";
    assert.equal(
      (await get("/files/page.html", { headers: { "if-none-match": etag, "cache-control": "max-age=0" } })).status,
      304,
    );
    const part = await get("/files/page.html", { headers: { range: "bytes=3-6" } });
    assert.deepEqual([part.status, await part.text()], [206, "page"]);
    assert.equal((await (await get("/files/large.bin")).bytes()).length, 3_000_000);
    const head = await get("/files/large.bin", { method: "HEAD" });
    assert.deepEqual([head.headers.get("content-length"), await head.text()], ["3000000", ""]);
  });

  it("answers without content, and with a stream", async () => {
    assert.equal((await get("/empty")).status, 204);
    assert.equal(await (await get("/stream")).text(), "one two three");
  });

  it("is told when there is room again", async () => {
    assert.equal((await (await get("/waits")).text()).slice(400_000), "true false");
  });

  it("has its errors handled by its own handler", async () => {
    for (const path of ["/throws", "/rejects"]) {
      const response = await get(path);
      assert.deepEqual([response.status, await response.json()], [500, { failed: true }]);
    }
  });

  it("answers what it does not know with 404", async () => {
    assert.equal((await get("/nowhere")).status, 404);
  });

  it("cuts an answer that it destroys", async () => {
    const response = await get("/destroys");
    await assert.rejects(response.text());
  });
});

describe("fromNodeHandler", () => {
  it("tells the handler that its client has left", async () => {
    const begun = Promise.withResolvers<undefined>();
    const left = Promise.withResolvers<string[]>();
    const told: string[] = [];
    await using server = await startServer(
      fromNodeHandler((request, response) => {
        request.on("aborted", () => told.push("aborted"));
        request.on("error", () => told.push("error"));
        response.on("close", () => {
          left.resolve([...told, String(response.writableFinished)]);
        });
        begun.resolve(undefined);
      }),
    );
    const socket = connect(server.port, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
    await begun.promise;
    socket.destroy();
    assert.deepEqual(await left.promise, ["aborted", "false"]);
    assert.deepEqual(server.errors, []);
  });
});
