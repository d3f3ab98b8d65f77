import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, mkdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer as createHttpServer, get, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { openNetworkAccessManager } from "@fairlead/access";
import { offerInspection } from "@fairlead/console/inspection";
import { serve } from "@fairlead/server";
import { attachConsole } from "../../src/index.ts";
import { apiFields } from "../../src/serving/security-fields.ts";
import type { TransactionDetails } from "../../src/protocol/index.ts";
import { PageClient } from "../console-world.ts";

describe("a console that looks at another program", { timeout: 60_000 }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fairlead-attach-test-"));
  });
  after(() => rm(folder, { recursive: true }));

  test("shows what that does, has it request, and notices when it is gone", async () => {
    await using target = await serve({ fetch: () => new Response("fine") });
    const path = join(folder, "other", "console.sock");
    const child = spawn(
      process.execPath,
      ["--conditions=source", join(import.meta.dirname, "offering-program.ts"), path, target.url ?? ""],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    try {
      await new Promise((resolve) => child.stdout.once("data", resolve));
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      assert.equal((await stat(join(folder, "other"))).mode & 0o777, 0o700);
      await using served = await attachConsole({ path });
      const page = new PageClient(served.url);
      using events = page.follow();
      const hello = await events.find("hello");
      assert.deepEqual([hello.isAttached, hello.program.processId, hello.canTestNetwork], [true, child.pid, false]);
      await events.ended(1);
      const { id } = await page.json<{ readonly id: number }>("POST", "fetch", { url: `${target.url ?? ""}/here` });
      await events.ended(id);
      const details = await page.json<TransactionDetails>("GET", `transactions/${String(id)}`);
      assert.deepEqual([details.status, details.hops[0]?.url], [200, `${target.url ?? ""}/here`]);
      const answer = await fetch(`${served.url}api/har`);
      assert.match(answer.headers.get("content-security-policy") ?? "", /sandbox/);
      assert.equal((await fetch(`${served.url}api/fetch`, { method: "POST", body: "{}" })).status, 404);
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
      const gone = await page.ask("GET", "har");
      assert.deepEqual([gone.status, ((await gone.json()) as { readonly code: string }).code], [502, "ATTACHED_GONE"]);
    } finally {
      child.kill("SIGKILL");
    }
  });

  test("is offered where nobody else can reach it, or not at all", async () => {
    await using manager = await openNetworkAccessManager();
    const open = join(folder, "open");
    await mkdir(open);
    await chmod(open, 0o755);
    await assert.rejects(offerInspection(manager, { path: join(open, "a.sock") }), /others may enter its folder/);
    const file = join(folder, "file");
    await writeFile(file, "");
    await assert.rejects(offerInspection(manager, { path: file }), /something that is no socket/);
    await assert.rejects(attachConsole({ path: file }), /there is no socket/);

    const path = join(folder, "twice.sock");
    await using first = await offerInspection(manager, { path });
    assert.equal(first.path, path);
    await assert.rejects(offerInspection(manager, { path }), { code: "ADDRESS_IN_USE" });
  });

  test("tells a program no cookies of this host, and hears nothing from it but what it was asked", async () => {
    const path = join(folder, "another.sock");
    const heard: string[] = [];
    const server = createHttpServer((request, response) => {
      heard.push(...Object.keys(request.headers));
      response.writeHead(401, {
        "content-type": "application/json",
        "set-cookie": "session=mine; Path=/",
        "www-authenticate": "Basic realm=here",
        location: "https://elsewhere.example/",
        "access-control-allow-origin": "*",
        "clear-site-data": '"*"',
        link: "<https://elsewhere.example/>; rel=preload; as=script",
        refresh: "0; url=https://elsewhere.example/",
        "content-security-policy": "script-src *",
      });
      response.end("{}");
    }).listen(path);
    await once(server, "listening");
    try {
      await using served = await attachConsole({ path });
      const answer = await fetch(`${served.url}api/har`, {
        headers: { cookie: "session=other", authorization: "Basic eDp5" },
      });
      const known = ["cache-control", "connection", "content-length", "content-type", "date", "keep-alive", "server"];
      const said = [...answer.headers.keys()].filter((name) => !known.includes(name));
      assert.deepEqual(said, apiFields.filter((_, at) => at % 2 === 0 && apiFields[at] !== "cache-control").toSorted());
      assert.match(answer.headers.get("content-security-policy") ?? "", /^default-src 'none'; sandbox/);
      assert.equal(await answer.text(), "{}");
      assert.deepEqual(
        heard.filter((name) => name === "cookie" || name === "authorization"),
        [],
      );
    } finally {
      server.close();
    }
  });

  test("hears from a program what it answers, and nothing before, however much it says", async () => {
    const path = join(folder, "talkative.sock");
    const hint = "HTTP/1.1 103 Early Hints\r\nLink: </elsewhere>; rel=preload\r\nSet-Cookie: session=mine\r\n\r\n";
    let hints = 3;
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write(hint.repeat(hints));
        socket.end(
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        );
      });
    }).listen(path);
    await once(server, "listening");
    try {
      await using served = await attachConsole({ path });
      const url = new URL(`${served.url}api/har`);
      const ask = async (): Promise<readonly (number | string | undefined)[]> => {
        const heard: (number | undefined)[] = [];
        const request = get(url).on("information", ({ statusCode }) => heard.push(statusCode));
        // What a request is answered with.
        const [response] = (await once(request, "response")) as [IncomingMessage];
        return [...heard, response.statusCode, await text(response)];
      };
      assert.deepEqual(await ask(), [200, "{}"]);
      hints = 100_000;
      const [status, problem] = await ask();
      assert.equal(status, 502);
      assert.match(String(problem), /ATTACHED_GONE/);
      hints = 0;
      assert.deepEqual(await ask(), [200, "{}"]);
    } finally {
      server.close();
    }
  });

  test("asks no socket that others could put another in the place of", async () => {
    const open = join(folder, "writable");
    await mkdir(open);
    const path = join(open, "a.sock");
    const server = createServer().listen(path);
    await once(server, "listening");
    await chmod(open, 0o777);
    const link = join(folder, "link.sock");
    await symlink(path, link);
    try {
      await assert.rejects(attachConsole({ path }), /others may write to its folder/);
      await assert.rejects(attachConsole({ path: link }), /others may write to its folder/);
      await chmod(open, 0o700);
      await using served = await attachConsole({ path: link });
      assert.match(served.url, /^http:/);
    } finally {
      server.close();
    }
  });

  test("takes the place of a socket that nobody listens on", async () => {
    const path = join(folder, "dead.sock");
    const child = spawn(process.execPath, [
      "-e",
      `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`,
    ]);
    await new Promise((resolve) => child.once("exit", resolve));
    assert((await stat(path)).isSocket());
    await using manager = await openNetworkAccessManager();
    await using offered = await offerInspection(manager, { path });
    const refused = createServer().listen(path);
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => refused.once("error", resolve));
    assert.equal(error.code, "EADDRINUSE");
    assert.equal(offered.path, path);
  });
});
