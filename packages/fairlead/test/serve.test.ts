import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { connect } from "node:net";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { runCommandLine } from "../src/command-line.ts";
import { createUser, finish, type TestUser } from "./child.ts";
import { runHere } from "./in-process.ts";

describe("fairlead serve", { timeout: 60_000 }, () => {
  let user: TestUser;
  let directory: string;
  before(async () => {
    user = await createUser();
    directory = user.path("site");
    await mkdir(directory);
    await writeFile(user.path("site/a.txt"), "fine");
    await writeFile(user.path("site/.env"), "SECRET=1");
    await writeFile(user.path("site/large.txt"), "x".repeat(10_000_000));
  });
  after(() => user[Symbol.asyncDispose]());

  /** Serves in this process, as long as it takes, and says what was printed and how it ended. */
  async function serving(
    args: readonly string[],
    use: (url: string, ending: AbortController) => Promise<void>,
  ): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const ending = new AbortController();
    const signal = ending.signal;
    const running = runCommandLine(["serve", ...args], {
      stdin,
      stdout,
      stderr,
      env: {},
      signal,
      self: [process.execPath],
    });
    const printed = String((await once(stdout, "data"))[0]);
    try {
      await use(/ at (\S+)\n/.exec(printed)?.[1] ?? "", ending);
    } finally {
      ending.abort();
    }
    const exitCode = await running;
    stderr.end();
    return { exitCode, stdout: printed, stderr: await text(stderr) };
  }

  test("serves the files of a directory on loopback, and says where", async () => {
    const ran = await serving([directory, "--port", "0"], async (url) => {
      assert.match(url, /^http:\/\/localhost:\d+$/);
      assert.equal(await (await fetch(`${url}/a.txt`)).text(), "fine");
      for (const path of ["/", "/.env", "/nothing"]) assert.equal((await fetch(url + path)).status, 404);
      const large = await fetch(`${url}/large.txt`, { headers: { "accept-encoding": "br" } });
      assert.equal(large.headers.get("content-encoding"), "br");
      assert.equal((await large.text()).length, 10_000_000);
    });
    assert.deepEqual([ran.exitCode, ran.stderr], [0, ""]);
    assert.match(ran.stdout, /site at http:\/\/localhost:\d+\nCtrl-C ends it\.\n$/);
  });

  test("lists what there is on demand", async () => {
    await serving([directory, "--port=0", "--listing"], async (url) => {
      const page = await (await fetch(url)).text();
      assert.match(page, /href="\.\/a\.txt"/);
      assert.doesNotMatch(page, /\.env/);
    });
  });

  test("sends what is under way to its end before it ends", async () => {
    const { exitCode } = await serving([directory, "--port", "0"], async (url, ending) => {
      const response = await fetch(`${url}/large.txt`, { headers: { "accept-encoding": "identity" } });
      ending.abort();
      assert.equal((await response.text()).length, 10_000_000);
    });
    assert.equal(exitCode, 0);
  });

  test("serves https by a certificate, and sends plain http there", async () => {
    const authority = await mintAuthority();
    const identity = await mintCertificate({ issuer: authority, names: ["localhost"] });
    await writeFile(user.path("ca.pem"), authority.certificate);
    await writeFile(user.path("both.pem"), identity.certificate + identity.privateKey);
    await serving([directory, "--port", "0", "--cert", user.path("both.pem")], async (url) => {
      assert.match(url, /^https:\/\/localhost:\d+$/);
      const got = await runHere(["get", "--store", "memory:", "--cacert", user.path("ca.pem"), `${url}/a.txt`], user);
      assert.deepEqual(got, { exitCode: 0, stdout: "fine", stderr: "" });
      const socket = connect(Number(new URL(url).port), "localhost");
      socket.write("GET /a.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assert.match(await text(socket), /^HTTP\/1\.1 308 /);
    });
  });

  test("ends cleanly on SIGINT", async () => {
    const child = user.start(["serve", "--port", "0"], { cwd: directory });
    assert.match(String(await once(child.stdout, "data")), /site at http/);
    child.kill("SIGINT");
    const { exitCode, signal, stderr } = await finish(child);
    assert.deepEqual([exitCode, signal, stderr], [0, null, ""]);
  });

  test("says in one line what is wrong", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { readonly port: number };
    await writeFile(user.path("empty.pem"), "");
    for (const [args, exitCode, line] of [
      [["--port", "x"], 2, /^fairlead: serve: --port takes a number from 0 to 65535, not "x"/],
      [["a", "b"], 2, /^fairlead: serve: unexpected argument "b"/],
      [["--key", "a.pem"], 2, /^fairlead: serve: --key needs --cert/],
      [["nowhere"], 9, /^fairlead: open \S+nowhere: .+\[FILE_NOT_FOUND\]\n$/],
      [[directory, "--port", String(port)], 3, /^fairlead: listen 127\.0\.0\.1:\d+: .+\[ADDRESS_IN_USE\]\n$/],
      [[directory, "--port", "0", "--cert", user.path("empty.pem")], 9, /holds no certificate in PEM format\n$/],
    ] as const) {
      const ran = await runHere(["serve", ...args], user);
      assert.deepEqual([ran.exitCode, ran.stdout], [exitCode, ""], args.join(" "));
      assert.match(ran.stderr, line);
    }
    other.close();
    await once(other, "close");
  });
});
