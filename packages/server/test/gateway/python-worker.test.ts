import assert from "node:assert/strict";
import { connect } from "node:net";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serveWithGateway } from "./gateway-server.ts";

const script = fileURLToPath(new URL("programs/python_worker.py", import.meta.url));
const workers = { command: ["python3", "-B", script], count: 1 };

suite("a worker in Python", () => {
  test("is at most 100 lines of the standard library", () => {
    const text = readFileSync(new URL("../../../../examples/gateway_worker.py", import.meta.url), "utf8");
    assert.ok(text.trimEnd().split("\n").length <= 100);
    assert.deepEqual(text.match(/^(?:import|from) .*$/gm), ["import os, resource, socket, struct, threading"]);
  });

  test("content passes both ways beyond its credit, with facts and trailers", async () => {
    await using server = await serveWithGateway({ workers });
    const bytes = new Uint8Array(1_000_000).map((_, index) => index % 251);
    const echo = await fetch(`${server.url}/echo`, { method: "POST", body: bytes });
    assert.deepEqual(new Uint8Array(await echo.arrayBuffer()), bytes);
    assert.equal((await (await fetch(`${server.url}/flow`)).arrayBuffer()).byteLength, 1_000_000);
    const hello = await fetch(server.url);
    assert.equal(hello.headers.get("x-client"), "127.0.0.1");
    assert.equal(Number(await hello.text()), server.gateway.stats.workers[0]?.pid);

    const socket = connect(server.port, "127.0.0.1");
    socket.write(
      "POST /sum HTTP/1.1\r\nhost: a.example\r\nte: trailers\r\nconnection: close\r\n" +
        "transfer-encoding: chunked\r\ntrailer: x-sent\r\n\r\n3\r\nabc\r\n0\r\nx-sent: yes\r\n\r\n",
    );
    let text = "";
    for await (const piece of socket) text += String(piece);
    assert.match(text, /\r\n1\r\n3\r\n0\r\nx-got: yes\r\n\r\n$/);
  });

  test("requests are answered at the same time, by threads", async () => {
    await using server = await serveWithGateway({ workers });
    const answers = await Promise.all([1, 2, 3, 4].map(async () => (await fetch(`${server.url}/meet`)).text()));
    assert.deepEqual(answers, ["met", "met", "met", "met"]);
  });

  test("an application that fails is a 502 and a line of the log, and so is a crash", async () => {
    await using server = await serveWithGateway({ workers });
    assert.equal((await fetch(`${server.url}/raise`)).status, 502);
    const { text, level } = await server.event("log", ({ source }) => source === "log");
    assert.equal(text, "ValueError('a mistake of the application')");
    assert.equal(level, "error");
    assert.equal((await fetch(`${server.url}/crash`, { method: "POST" })).status, 502);
    assert.equal((await server.event("log", ({ source }) => source === "stderr")).text, "about to crash");
    assert.equal((await server.event("ended")).how, "exit code 9");
    assert.equal((await fetch(server.url)).status, 200);
  });

  test("a client that leaves ends the iterable", async () => {
    await using server = await serveWithGateway({ workers });
    const leaving = new AbortController();
    const { body } = await fetch(`${server.url}/endless`, { signal: leaving.signal });
    await body?.getReader().read();
    leaving.abort();
    assert.equal((await server.event("log", ({ source }) => source === "stdout")).text, "closed");
    assert.equal((await fetch(server.url)).status, 200);
  });
});
