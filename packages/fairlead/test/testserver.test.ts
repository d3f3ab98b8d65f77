import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { Manifest } from "@fairlead/testserver";
import { createUser, finish, type TestUser } from "./child.ts";

describe("fairlead testserver", () => {
  let user: TestUser;
  before(async () => {
    user = await createUser();
  });
  after(() => user[Symbol.asyncDispose]());

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`prints what is where, serves, and ends cleanly on ${signal}`, async () => {
      const child = user.start(["testserver"]);
      try {
        const lines: string[] = [];
        for await (const line of createInterface(child.stdout)) {
          lines.push(line);
          if (line === "Ctrl-C ends it.") break;
        }
        const page = lines.join("\n");
        for (const line of lines) assert.ok(line.length <= 80 || line.includes("--cacert"), line);
        assert.match(page, /^http +\d+ +http:\/\/localhost:\d+$/m);
        assert.match(page, /^redirects +\d+ +\/redirect/m);

        // The page's own example works as it stands.
        const [program = "", ...example] = (/^ {2}(curl .+)$/m.exec(page)?.[1] ?? "").split(" ");
        const { stdout } = await promisify(execFile)(program, ["--silent", ...example]);
        assert.partialDeepStrictEqual(JSON.parse(stdout), { method: "GET" });
      } catch (error) {
        child.kill("SIGKILL");
        throw error;
      }

      child.kill(signal);
      const [code, killedBy] = (await once(child, "exit")) as [number | null, string | null];
      assert.deepEqual([code, killedBy], [0, null]);
      assert.deepEqual(await user.files(), []);
    });
  }

  test("writes manifest and certificate for programs, and takes both away again", async () => {
    const child = user.start(["testserver", "--json", "--manifest", "network.json", "--ca", "ca.pem"]);
    const chunks: Buffer[] = [];
    for (;;) {
      const [chunk] = (await once(child.stdout, "data")) as [Buffer];
      chunks.push(chunk);
      if (Buffer.concat(chunks).toString().endsWith("\n}\n")) break;
    }
    const printed = JSON.parse(Buffer.concat(chunks).toString()) as Manifest;
    assert.equal(printed.ca.file, user.path("ca.pem"));
    assert.equal(printed.processId, child.pid);
    assert.equal(await readFile(user.path("ca.pem"), "utf8"), printed.ca.certificate);

    assert.deepEqual(JSON.parse(await readFile(user.path("network.json"), "utf8")), printed);
    for (const file of ["network.json", "ca.pem"]) assert.equal((await stat(user.path(file))).mode & 0o777, 0o600);

    child.kill("SIGTERM");
    assert.equal((await finish(child)).exitCode, 0);
    assert.deepEqual(await user.files(), []);
  });

  test("lists every endpoint with --verbose", async () => {
    const child = user.start(["testserver", "--verbose"]);
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (line === "Ctrl-C ends it.") break;
    }
    child.kill("SIGTERM");
    await once(child, "exit");
    for (const path of ["/echo", "/redirect/:code?to=URL", "/hsts/good/year", "/cut/body?after=10&of=100"]) {
      assert.ok(lines.includes(`  ${path}`), path);
    }
  });

  test("says in one line that a port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { readonly port: number };
    const { stdout, stderr, exitCode } = await user.run(["testserver", "--port", String(port)]);
    server.close();
    assert.deepEqual([exitCode, stdout], [3, ""]);
    assert.match(stderr, new RegExp(`^fairlead: listen 127\\.0\\.0\\.1:${port}: .+ \\[ADDRESS_IN_USE\\]\n$`));
    assert.deepEqual(await user.files(), []);
  });

  for (const [args, code, line] of [
    [["--port", "70000"], 2, /^fairlead: testserver: --port takes a number from 0 to 65535, not "70000"/],
    [["--manifest", "none/network.json"], 9, /^fairlead: cannot write .*network\.json: there is no such file or/],
    [["--ca", "none/ca.pem"], 9, /^fairlead: cannot write .*ca\.pem: there is no such file or directory\n$/],
  ] as const) {
    test(`${code} for ${args.join(" ")}`, async () => {
      const { stderr, exitCode } = await user.run(["testserver", ...args]);
      assert.equal(exitCode, code);
      assert.match(stderr, line);
      assert.equal(stderr.split("\n").length, 2);
      assert.deepEqual(await user.files(), []);
    });
  }
});
