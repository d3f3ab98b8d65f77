import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { unusedPort } from "@fairlead/conformance/peers";
import { connectTcp, httpTunnel, memoryPair, socks4aTunnel, socks5Tunnel } from "../../src/index.ts";

const credentials = { username: "me", password: "secret" };
const basic = ["Proxy-Authorization", `Basic ${Buffer.from("me:secret").toString("base64")}`] as const;

describe("a tunnel through a real proxy", () => {
  let echo: Server;
  let target: { readonly host: string; readonly port: number };
  let folder: string;
  before(async () => {
    echo = createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket)).listen(0, "127.0.0.1");
    await once(echo, "listening");
    target = { host: "localhost", port: (echo.address() as AddressInfo).port };
    folder = await mkdtemp(join(tmpdir(), "fairlead-proxies-"));
  });
  after(async () => {
    echo.close();
    await rm(folder, { recursive: true });
  });

  describe("tinyproxy", () => {
    let proxy: Running;
    before(async () => {
      const port = await unusedPort();
      const configuration = join(folder, "tinyproxy.conf");
      await writeFile(
        configuration,
        `Port ${String(port)}\nListen 127.0.0.1\nMaxClients 20\nTimeout 30\nBasicAuth me secret\nLogLevel Critical\n`,
      );
      proxy = await start("tinyproxy", ["-d", "-c", configuration], port);
    });
    after(() => proxy.stop());

    test("leads on with credentials", async () => {
      const below = await proxy.connect();
      const answer = await httpTunnel(below, { ...target, peer: proxy.peer, fields: [basic] });
      assert.deepEqual(answer, { type: "open" });
      await assertEcho(below);
    });

    test("challenges without", async () => {
      const below = await proxy.connect();
      const answer = await httpTunnel(below, { ...target, peer: proxy.peer });
      assert.equal(answer.type, "challenged");
      assert.match(answer.challenges.join(), /^Basic realm=/);
      below.destroy();
    });

    test("says when nobody is there", async () => {
      const port = await unusedPort();
      const below = await proxy.connect();
      await assert.rejects(httpTunnel(below, { host: "localhost", port, peer: proxy.peer, fields: [basic] }), {
        name: "TransportError",
        code: "PROXY_REFUSED",
        peer: proxy.peer,
      });
      assert.equal(below.destroyed, true);
    });
  });

  describe("microsocks", () => {
    let proxy: Running;
    before(async () => {
      const port = await unusedPort();
      proxy = await start("microsocks", ["-i", "127.0.0.1", "-p", String(port), "-u", "me", "-P", "secret"], port);
    });
    after(() => proxy.stop());

    test("leads on with name and password, to a name and to an address", async () => {
      for (const host of ["localhost", "127.0.0.1"]) {
        const below = await proxy.connect();
        assert.equal(await socks5Tunnel(below, { ...target, host, peer: proxy.peer, credentials }), below);
        await assertEcho(below);
      }
    });

    test("refuses nobody's password, a wrong one, and a port where nobody listens", async () => {
      const without = await proxy.connect();
      await assert.rejects(socks5Tunnel(without, { ...target, peer: proxy.peer }), {
        code: "PROXY_AUTHENTICATION_REQUIRED",
      });
      const wrong = await proxy.connect();
      await assert.rejects(
        socks5Tunnel(wrong, { ...target, peer: proxy.peer, credentials: { username: "me", password: "guess" } }),
        { code: "PROXY_AUTHENTICATION_REQUIRED" },
      );
      const port = await unusedPort();
      await assert.rejects(
        socks5Tunnel(await proxy.connect(), { host: "127.0.0.1", port, peer: proxy.peer, credentials }),
        { code: "CONNECTION_REFUSED" },
      );
    });
  });

  describe("dante", () => {
    let proxy: Running;
    before(async () => {
      const port = await unusedPort();
      const configuration = join(folder, "danted.conf");
      const user = userInfo().username;
      await writeFile(
        configuration,
        [
          "logoutput: /dev/null",
          `internal: 127.0.0.1 port = ${String(port)}`,
          "external: lo",
          "clientmethod: none",
          "socksmethod: none",
          `user.privileged: ${user}`,
          `user.unprivileged: ${user}`,
          "client pass { from: 0/0 to: 0/0 }",
          "socks pass { from: 0/0 to: 0/0 protocol: tcp }",
        ].join("\n"),
      );
      proxy = await start("danted", ["-f", configuration, "-p", join(folder, "danted.pid")], port);
    });
    after(() => proxy.stop());

    // Dante takes the 0.0.0.1 of SOCKS 4a for the address.
    for (const [version, open, hosts] of [
      ["4", socks4aTunnel, ["127.0.0.1"]],
      ["5", socks5Tunnel, ["localhost", "127.0.0.1"]],
    ] as const) {
      for (const host of hosts) {
        test(`leads on by SOCKS ${version}, to ${host}`, async () => {
          const below = await proxy.connect();
          await open(below, { ...target, host, peer: proxy.peer });
          await assertEcho(below);
        });
      }
    }

    test("is known not to be an HTTP proxy", async () => {
      await assert.rejects(httpTunnel(await proxy.connect(), { ...target, peer: proxy.peer }), {
        code: "PROXY_ANSWER_INVALID",
      });
    });
  });
});

describe("a tunnel that does not come about", () => {
  const to = { host: "a.example", port: 443, peer: "proxy.example:1080" };

  test("ends with the signal's reason, and takes the stream with it", async () => {
    for (const open of [httpTunnel, socks5Tunnel, socks4aTunnel]) {
      const [near, far] = memoryPair();
      const controller = new AbortController();
      const reason = new Error("enough");
      const opening = open(near, { ...to, signal: controller.signal });
      await once(far, "readable");
      controller.abort(reason);
      await assert.rejects(opening, reason);
      assert.equal(near.destroyed, true);
      far.destroy();
    }
  });

  test("is named when the proxy hangs up, and when the stream was closed before", async () => {
    for (const open of [httpTunnel, socks5Tunnel, socks4aTunnel]) {
      const [near, far] = memoryPair();
      const opening = open(near, to);
      far.end();
      await assert.rejects(opening, { code: "PROXY_ANSWER_INVALID", peer: to.peer, operation: "tunnel" });
      await assert.rejects(open(near, to), { code: "STREAM_CLOSED" });
      far.destroy();
    }
  });

  test("is the caller's mistake when the words cannot be said", async () => {
    const [near] = memoryPair();
    await assert.rejects(httpTunnel(near, { ...to, host: "a\r\nb" }), { code: "OPTION_INVALID" });
    assert.equal(near.destroyed, true);
    const [another] = memoryPair();
    await assert.rejects(socks4aTunnel(another, { ...to, host: "::1" }), { code: "OPTION_INVALID" });
  });

  test("holds back what the server says behind the proxy's answer", async () => {
    const [near, far] = memoryPair({ allowHalfOpen: true });
    const opening = socks5Tunnel(near, to);
    far.write(Buffer.of(5, 0));
    await once(far, "readable");
    far.end(Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...Buffer.from("220 ready")));
    await opening;
    assert.equal(await text(near), "220 ready");
    near.destroy();
  });
});

interface Running {
  readonly peer: string;
  connect(): Promise<Socket>;
  stop(): Promise<void>;
}

/** Starts a program that stays in the foreground, and waits until it listens. */
async function start(command: string, parameters: readonly string[], port: number): Promise<Running> {
  const child: ChildProcess = spawn(command, parameters, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin` },
  });
  const exited = once(child, "exit");
  await Promise.race([
    listening(port),
    exited.then(([code]) => Promise.reject(new Error(`${command} ended with ${String(code)}`))),
  ]);
  return {
    peer: `127.0.0.1:${String(port)}`,
    connect: () => connectTcp({ host: "127.0.0.1", port, allowHalfOpen: true }),
    async stop() {
      child.kill();
      await exited;
    },
  };
}

async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect({ host: "127.0.0.1", port });
    const connected = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (connected) return;
    // Polled: no program tells when it listens.
    await wait(20);
  }
}

async function assertEcho(stream: Duplex): Promise<void> {
  stream.write("anybody there?");
  const [answer] = (await once(stream, "data")) as [Buffer];
  assert.equal(String(answer), "anybody there?");
  stream.destroy();
}
