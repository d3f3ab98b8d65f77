import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmod, mkdtemp, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { openNetworkAccessManager } from "@fairlead/access";
import { offerInspection } from "@fairlead/console/inspection";
import { serve } from "@fairlead/server";
import { attachConsole } from "../../src/index.ts";
import type { TransactionDetails } from "../../src/protocol/index.ts";
import { PageClient } from "../console-world.ts";

describe("a console that looks at another program", { timeout: 30_000 }, () => {
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
