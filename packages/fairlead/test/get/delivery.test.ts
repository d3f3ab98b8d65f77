import assert from "node:assert/strict";
import { once } from "node:events";
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createSecureServer } from "node:http2";
import { createServer, type AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { mintCertificate } from "@fairlead/testserver/authority";
import { finish } from "../child.ts";
import { createWorld, type TestWorld } from "../test-world.ts";

/** Byte `i` is `i` modulo 251, as the test network's endpoints send it. */
function pattern(size: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => index % 251));
}

interface PrintedEcho {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly text?: string; readonly sizeBytes: number };
}

describe("fairlead get", () => {
  let world: TestWorld;
  before(async () => {
    world = await createWorld();
  });
  after(() => world[Symbol.asyncDispose]());

  const get = (...args: string[]): ReturnType<TestWorld["get"]> => world.get(["--store", "memory:", ...args]);

  async function echo(...args: string[]): Promise<PrintedEcho> {
    const { stdout, stderr, exitCode } = await get(...args, world.url("https", "/echo"));
    assert.deepEqual([stderr, exitCode], ["", 0]);
    return JSON.parse(stdout) as PrintedEcho;
  }

  describe("prints the body", () => {
    test("byte by byte, a megabyte of it, and nothing else", async () => {
      const { bytes, stderr, exitCode } = await get(world.url("https", "/bytes/1000000"));
      assert.ok(bytes.equals(pattern(1_000_000)));
      assert.deepEqual([stderr, exitCode], ["", 0]);
    });

    test("with its content coding undone", async () => {
      const { stdout: plain } = await get(world.url("https", "/compress/identity"));
      assert.equal(plain.length, 4096);
      for (const coding of ["gzip", "br", "zstd", "deflate", "stacked"]) {
        assert.equal((await get(world.url("https", `/compress/${coding}`))).stdout, plain, coding);
      }
    });

    test("as it comes", async () => {
      const child = world.user.start([
        "get",
        "--store",
        "memory:",
        ...world.trust,
        world.url("https", "/stall/body?after=10"),
      ]);
      // The server never sends the rest, so what is here was not held back.
      const [chunk] = (await once(child.stdout, "data")) as [Buffer];
      assert.ok(chunk.equals(pattern(10)));
      child.kill("SIGTERM");
      assert.equal((await finish(child)).exitCode, 143);
    });

    test("and ends quietly when the reader goes away", async () => {
      const child = world.user.start([
        "get",
        "--store",
        "memory:",
        ...world.trust,
        world.url("https", "/bytes/100000000"),
      ]);
      await once(child.stdout, "data");
      child.stdout.destroy();
      const stderr: Buffer[] = [];
      child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
      const [exitCode] = (await once(child, "exit")) as [number];
      assert.deepEqual([exitCode, Buffer.concat(stderr).toString()], [141, ""]);
    });
  });

  describe("asks", () => {
    test("with fields of its own, which --header replaces, adds to or leaves out", async () => {
      const { headers } = await echo();
      assert.partialDeepStrictEqual(headers, { accept: "*/*", "accept-encoding": "zstd, br, gzip, deflate" });
      assert.match(headers["user-agent"] ?? "", /^fairlead\/\d/);

      const changed = await echo("-H", "user-agent: mine", "--header=Accept:", "-H", "X-Two: a", "-H", "X-Two: b");
      assert.partialDeepStrictEqual(changed.headers, { "user-agent": "mine", "x-two": "a, b" });
      assert.equal(changed.headers["accept"], undefined);
    });

    test("by the method that is given", async () => {
      assert.equal((await echo()).method, "GET");
      assert.equal((await echo("--method", "PUT")).method, "PUT");
      const { stdout } = await get("-X", "HEAD", world.url("https", "/echo"));
      assert.equal(stdout, "");
    });

    test("by POST with --data: text, a file, or standard input", async () => {
      const text = await echo("--data", "grüße");
      assert.partialDeepStrictEqual(text, { method: "POST", body: { text: "grüße" } });
      assert.equal(text.headers["content-type"], "text/plain;charset=utf-8");

      const file = world.user.path("data.bin");
      await writeFile(file, pattern(100_000));
      const fromFile = await echo("--data", `@${file}`);
      assert.partialDeepStrictEqual(fromFile, {
        method: "POST",
        headers: { "content-type": "application/octet-stream", "content-length": "100000" },
        body: { sizeBytes: 100_000 },
      });

      const url = world.url("https", "/echo");
      const piped = await world.get(["--store", "memory:", "-X", "PATCH", "-d", "@-", "-H", "content-type: a/b", url], {
        stdin: "piped",
      });
      const fromInput = JSON.parse(piped.stdout) as PrintedEcho;
      assert.partialDeepStrictEqual(fromInput, { method: "PATCH", body: { text: "piped" } });
      assert.equal(fromInput.headers["content-type"], "a/b");
    });

    test("again with the file, but not with standard input, when a 307 wants the body anew", async () => {
      const file = world.user.path("again.txt");
      await writeFile(file, "again");
      const url = world.url("https", "/redirect/307/same-origin");
      const replayed = await get("--data", `@${file}`, url);
      assert.partialDeepStrictEqual(JSON.parse(replayed.stdout), { method: "POST", body: { text: "again" } });

      const refused = await world.get(["--store", "memory:", "--data", "@-", url], { stdin: "once" });
      assert.equal(refused.exitCode, 6);
      assert.match(refused.stderr, /\[REDIRECT_BODY_NOT_REPLAYABLE\]/);
    });

    test("the address that --resolve gives for the host", async () => {
      const { port } = world.network.https;
      const { stdout } = await get(`https://a.fairlead.test:${port}/echo`);
      assert.partialDeepStrictEqual(JSON.parse(stdout), { url: `https://a.fairlead.test:${port}/echo` });
    });

    test("nobody whom the PEM file of --cacert does not vouch for", async () => {
      const other = world.user.path("other-ca.pem");
      await writeFile(other, world.network.otherCa.certificate);
      const url = world.url("https", "/echo");
      const { stderr, exitCode } = await world.user.run(["get", "--store", "memory:", "--cacert", other, url]);
      assert.equal(exitCode, 4);
      assert.match(stderr, /\[CERTIFICATE_/);
      const both = world.user.path("both-ca.pem");
      await writeFile(both, `# two\n${world.network.otherCa.certificate}\n${world.network.ca.certificate}`);
      assert.equal((await world.user.run(["get", "--store", "memory:", "--cacert", both, url])).exitCode, 0);
    });
  });

  describe("--redirect", () => {
    for (const [policy, path, expected] of [
      ["no-less-safe", "/redirect/302/cross-site", "200"],
      ["manual", "/redirect/302/same-origin", "302"],
      ["same-origin", "/redirect/302/same-origin", "200"],
      ["same-origin", "/redirect/302/same-site", "REDIRECT_CROSS_ORIGIN"],
      ["same-site", "/redirect/302/same-site", "200"],
      ["same-site", "/redirect/302/cross-site", "REDIRECT_CROSS_SITE"],
    ] as const) {
      test(`${policy} makes ${expected} of ${path}`, async () => {
        const { port } = world.network.https;
        const printed = await get("--json", "--redirect", policy, `https://fairlead.test:${port}${path}`);
        const { status, error } = JSON.parse(printed.stdout) as {
          readonly status?: number;
          readonly error?: { readonly code: string };
        };
        assert.equal(error?.code ?? String(status), expected);
      });
    }
  });

  describe("--output", () => {
    test("writes a file that appears when it is whole, with the mode of any new file", async () => {
      const file = world.user.path("whole.bin");
      const { stdout, stderr, exitCode } = await get("-o", file, world.url("https", "/bytes/300000"));
      assert.deepEqual([stdout, stderr, exitCode], ["", "", 0]);
      assert.ok((await readFile(file)).equals(pattern(300_000)));
      const usual = world.user.path("usual");
      await writeFile(usual, "");
      assert.equal((await stat(file)).mode, (await stat(usual)).mode);
    });

    test("leaves what was there, and no draft, when the body is cut", async () => {
      const directory = world.user.path("cut");
      await mkdir(directory);
      await writeFile(`${directory}/page`, "before");
      for (const path of ["/cut/body", "/cut/before-response", "/compress/truncated/gzip"]) {
        assert.equal((await get("-o", `${directory}/page`, world.url("https", path))).exitCode, 5, path);
        assert.equal(await readFile(`${directory}/page`, "utf8"), "before");
        assert.deepEqual(await readdir(directory), ["page"]);
      }
    });

    test("leaves no draft when it is interrupted", async () => {
      const directory = world.user.path("interrupted");
      await mkdir(directory);
      const url = world.url("https", "/stall/body?after=10");
      world.network.clearRequests();
      const waiting = world.network.waitForRequest(({ target }) => target === "/stall/body?after=10");
      const child = world.user.start(["get", "--store", "memory:", ...world.trust, "-o", `${directory}/page`, url]);
      await waiting;
      child.kill("SIGINT");
      const { exitCode, stdout, stderr } = await finish(child);
      assert.deepEqual([exitCode, stdout, stderr], [130, "", ""]);
      assert.deepEqual(await readdir(directory), []);
    });

    test("goes on after a cut, and with --resume with what an earlier call left", async () => {
      const directory = world.user.path("resumed");
      await mkdir(directory);
      const file = `${directory}/file`;
      assert.equal((await get("-o", file, world.url("https", "/file/300000?cut=100000"))).exitCode, 0);
      assert.ok((await readFile(file)).equals(pattern(300_000)));

      await rm(file);
      // It is cut where the draft ends each time, until it is asked for a part of the draft, too.
      const failing = world.url("https", "/file/300000?cut=100000&lie=shorter");
      assert.equal((await get("--resume", "-o", file, failing)).exitCode, 5);
      assert.deepEqual(await readdir(directory), [".file.part"]);
      const { stdout } = await get(
        "-C",
        "--json",
        "-o",
        file,
        world.url("https", "/file/300000?cut=100000&lie=shorter"),
      );
      const { error } = JSON.parse(stdout) as { readonly error: { readonly code: string } };
      assert.equal(error.code, "RESPONSE_TRUNCATED");
    });

    test("--digest refuses what is something else, and --parallel brings it over several connections", async () => {
      const file = world.user.path("verified.bin");
      const sha256 = createHash("sha256").update(pattern(3_000_000)).digest("hex");
      const url = world.url("https", "/file/3000000");
      const verified = await get("--json", "--parallel", "3", "--digest", `sha-256=${sha256}`, "-o", file, url);
      const { body, hops } = JSON.parse(verified.stdout) as {
        readonly body: unknown;
        readonly hops: readonly unknown[];
      };
      assert.deepEqual(body, { bytes: 3_000_000, file, digests: { "sha-256": sha256 } });
      assert.ok(hops.length > 2);
      const refused = await get("--digest", `sha-256=${sha256}`, "-o", file, world.url("https", "/file/3000001"));
      assert.deepEqual([refused.exitCode, (await stat(file)).size], [5, 3_000_000]);
      assert.match(refused.stderr, /\[DIGEST_MISMATCH\]\n$/);
    });

    test("replaces a file, keeps its mode, and follows a link to it", async () => {
      const file = world.user.path("private.txt");
      const link = world.user.path("link.txt");
      await writeFile(file, "a much longer text than the one that comes now\n");
      await chmod(file, 0o600);
      await symlink(file, link);
      assert.equal((await get("-o", link, world.url("https", "/status/200"))).exitCode, 0);
      assert.equal(await readFile(file, "utf8"), "status 200\n");
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.equal(await readlink(link), file);
    });

    test("writes straight to what is no regular file", async () => {
      const { exitCode, stderr } = await get("-o", "/dev/null", world.url("https", "/bytes/1000"));
      assert.deepEqual([exitCode, stderr], [0, ""]);
      assert.ok((await stat("/dev/null")).isCharacterDevice());
    });

    test("takes - for standard output", async () => {
      assert.ok((await get("-o", "-", world.url("https", "/bytes/1000"))).bytes.equals(pattern(1000)));
    });
  });

  describe("--json", () => {
    test("prints url, status, headers, body and hops", async () => {
      const { port } = world.network.https;
      const start = `https://fairlead.test:${port}/redirect/302/same-site#part`;
      const { stdout, stderr, exitCode } = await get("--json", start);
      assert.deepEqual([stderr, exitCode], ["", 0]);
      const printed = JSON.parse(stdout) as {
        readonly headers: Readonly<Record<string, string>>;
        readonly body: { readonly text: string };
        readonly hops: readonly { readonly connection: { readonly tls: object }; readonly timing: object }[];
      };
      assert.partialDeepStrictEqual(printed, {
        url: `https://a.fairlead.test:${port}/echo#part`,
        status: 200,
        hops: [
          { status: 302, reason: "redirect", location: `https://a.fairlead.test:${port}/echo` },
          {
            status: 200,
            reason: "network",
            connection: { tls: { resumed: false, authorized: true, backend: "node" } },
          },
        ],
      });
      assert.equal(printed.headers["content-type"], "application/json");
      assert.partialDeepStrictEqual(JSON.parse(printed.body.text), { method: "GET" });
    });

    test("prints text as it is, and bytes that are no UTF-8 in base64", async () => {
      const text = await get("--json", world.url("https", "/status/200"));
      assert.deepEqual((JSON.parse(text.stdout) as { body: unknown }).body, { bytes: 11, text: "status 200\n" });
      const bytes = await get("--json", world.url("https", "/bytes/300"));
      const base64 = pattern(300).toString("base64");
      assert.deepEqual((JSON.parse(bytes.stdout) as { body: unknown }).body, { bytes: 300, base64 });
    });

    test("names the file with --output", async () => {
      const file = world.user.path("body.bin");
      const { stdout } = await get("--json", "-o", file, world.url("https", "/bytes/300"));
      assert.deepEqual((JSON.parse(stdout) as { body: unknown }).body, { bytes: 300, file });
      assert.equal((await readFile(file)).length, 300);
    });
  });

  describe("--verbose", () => {
    test("tells of each hop, its timing and its TLS on standard error, and prints the body alone", async () => {
      const { stdout, stderr } = await get("-v", world.url("http", "/redirect/301/https?path=/status/200"));
      assert.equal(stdout, "status 200\n");
      for (const line of [
        /^1 {2}301 {2}GET http:\/\/localhost:\d+\/redirect/,
        /^ {3}to {4}https:\/\/localhost:\d+\/status\/200$/m,
        /^2 {2}200 {2}GET https:\/\/localhost:\d+\/status\/200$/m,
        /^ {3}by {4}127\.0\.0\.1, new connection$/m,
        /^ {3}time {2}(?:waited .+, )?(?:lookup .+, )?connect .+, TLS .+, answer .+, body .+, in all .+ ms$/m,
        /^ {3}TLS {3}TLSv1\.3, TLS_\w+, full handshake, ALPN http\/1\.1$/m,
        /^ {3}cert {2}verified for localhost until \d{4}-\d\d-\d\d \d\d:\d\d UTC$/m,
        /^ {3}from {2}CN=.*Fairlead/m,
        /^ {3}ends {2}in the 1 own certificate CN=Fairlead .*$/m,
        /^ {3}with {2}node \(OpenSSL [\d.]+\), the default$/m,
        /^ {3}content-type: text\/plain/m,
      ]) {
        // A figure more breaks a line elsewhere.
        assert.match(stderr.replaceAll(/\n {9}/g, " "), line);
      }
    });

    test("tells the codings of the content from those of the connection, in --json, too", async () => {
      const url = world.url("https", "/compress/gzip");
      const { stderr } = await get("-v", url);
      assert.match(stderr, /^ {3}body {2}\d+ bytes in gzip, 4\.0 KiB decoded/m);
      const { stdout } = await get("--json", url);
      const { hops } = JSON.parse(stdout) as { hops: { contentCodings: string[]; decodedBytes: number }[] };
      assert.deepEqual(hops[0]?.contentCodings, ["gzip"]);
      assert.equal(hops[0].decodedBytes, 4096);
    });

    test("says that HTTP/2 was agreed on", async () => {
      const names = ["localhost"];
      const { certificate, privateKey } = await mintCertificate({ issuer: world.network.ca, names });
      const server = createSecureServer({ cert: certificate, key: privateKey }, (_, response) => {
        response.end("by HTTP/2");
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      try {
        const { port } = server.address() as AddressInfo;
        const { stdout, stderr } = await get("-v", `https://localhost:${String(port)}/`);
        assert.equal(stdout, "by HTTP/2");
        assert.match(stderr.replaceAll(/\n {9}/g, " "), /^ {3}TLS {3}TLSv1\.3, TLS_\w+, full handshake, ALPN h2$/m);
      } finally {
        server.close();
      }
    });

    for (const [name, library] of [
      ["node", "OpenSSL"],
      ["openssl", "OpenSSL"],
      ["gnutls", "GnuTLS"],
    ] as const) {
      test(`says that TLS was done by ${name}, where --tls-backend names it`, async () => {
        const { exitCode, stderr } = await get("-v", "--tls-backend", name, world.url("https", "/status/200"));
        assert.equal(exitCode, 0);
        assert.match(
          stderr,
          new RegExp(`^ {3}with {2}${name} \\(${library} [\\d.]+\\), named by the application$`, "m"),
        );
      });
    }

    test("escapes what a server would like to do to the terminal", async () => {
      // A C1 control (CSI in eight bits) passes through HTTP parsers as obs-text.
      const server = createServer((socket) => {
        socket.on("error", () => undefined);
        socket.once("data", () => {
          socket.end(Buffer.from("HTTP/1.1 200 OK\r\nX-Evil: \x9b31mred\r\nContent-Length: 2\r\n\r\nok", "latin1"));
        });
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as { readonly port: number };
      const { stderr, stdout } = await get("-v", `http://127.0.0.1:${port}/`);
      server.close();
      assert.equal(stdout, "ok");
      assert.ok(stderr.includes("x-evil: \\u{9b}31mred"), stderr);
      assert.doesNotMatch(stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    });
  });
});
