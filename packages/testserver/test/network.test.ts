import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempDisposable, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { type ServiceName, startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { detour } from "./detour.ts";
import { parseResponse, requestBytes, talk } from "./raw-client.ts";

describe("a test network", () => {
  test("answers names under .test over https, by its lookup and its authority", async () => {
    await using network = await startTestNetwork(detour);
    for (const host of ["localhost", "a.fairlead.test", "other.test"]) {
      const echo: unknown = JSON.parse(await getSecurely(network, host, "/echo"));
      assert.partialDeepStrictEqual(echo, { url: `${network.origin("https", host)}/echo`, tls: { serverName: host } });
    }
    await assert.rejects(getSecurely(network, "example.com", "/echo"), { code: "ENOTFOUND" });
  });

  test("follows its own clock in certificates and Date fields", async () => {
    const now = Date.UTC(2040, 0, 15, 12);
    await using network = await startTestNetwork({ now: () => now });
    const response = parseResponse(await talk(network, "http", requestBytes("/json")));
    assert.deepEqual(response.field("date"), ["Sun, 15 Jan 2040 12:00:00 GMT"]);
    assert.equal(network.manifest.startedAt, "2040-01-15T12:00:00.000Z");
    await assert.rejects(getSecurely(network, "localhost", "/json"), { code: "CERT_NOT_YET_VALID" });
  });

  test("binds services to consecutive ports from a base, and gives everything back when one is taken", async () => {
    await using network = await startOnFreePorts();
    const { port } = network.http;
    // Two services of different transports may share a number.
    const ports = [...new Set(network.services.map((service) => service.port))];
    assert.deepEqual(
      ports,
      ports.map((_, index) => port + index),
    );
    await assert.rejects(startTestNetwork({ port: port - 2 }), { code: "EADDRINUSE" });
    await network.close();
    await (await startTestNetwork({ port })).close();
  });

  test("remembers the latest requests up to its limit, in order", async () => {
    await using network = await startTestNetwork({ requestLimit: 3 });
    for (let index = 0; index < 8; index += 1) await talk(network, "http", requestBytes(`/headers?${index}`));
    assert.deepEqual(
      network.requests.map(({ target }) => target),
      ["/headers?5", "/headers?6", "/headers?7"],
    );
    assert.deepEqual(
      network.requests.map(({ connection }) => connection),
      [6, 7, 8],
    );
    network.clearRequests();
    assert.deepEqual(network.requests, []);
  });

  test("counts and hashes a body beyond what it keeps", async () => {
    await using network = await startTestNetwork(detour);
    const body = "x".repeat(3_000_000);
    const response = parseResponse(await talk(network, "http", requestBytes("/echo", "PUT", [], body)));
    const echo: unknown = JSON.parse(response.body);
    assert.partialDeepStrictEqual(echo, { body: { sizeBytes: 3_000_000, text: "x".repeat(1_048_576) } });
    assert.equal(network.requests[0]?.body.sha256.length, 64);
  });

  test("lets tests wait for a request, and rejects who waits when it closes", async () => {
    await using network = await startTestNetwork(detour);
    const coming = network.waitForRequest(({ method }) => method === "DELETE");
    await talk(network, "http", requestBytes("/json", "DELETE"));
    assert.equal((await coming).target, "/json");
    const never = network.waitForRequest(({ method }) => method === "PUT");
    const rejected = assert.rejects(never, /closed before/);
    await network.close();
    await rejected;
  });
});

describe("bad requests", () => {
  const cases = [
    ["/nowhere", 404, "there is no such endpoint; the manifest lists them\n"],
    ["/status/abc", 400, 'the parameter "code" must be a whole number from 200 to 599\n'],
    ["/status/199", 400, 'the parameter "code" must be a whole number from 200 to 599\n'],
    ["/bytes/-1", 400, 'the parameter "size" must be a whole number from 0 to 1073741824\n'],
    ["/bytes/1e3", 400, 'the parameter "size" must be a whole number from 0 to 1073741824\n'],
    ["/bytes/%ff", 400, 'the parameter "size" is not percent-encoded UTF-8\n'],
    ["/redirect/302", 400, 'the parameter "to" is missing\n'],
    ["/redirect/302?to=%00", 400, "a parameter holds bytes that no header may hold\n"],
    ["/cookies/set?a=%0d%0ab", 400, "a parameter holds bytes that no header may hold\n"],
    ["/redirect/302/http?path=@evil.test/", 400, 'the parameter "path" must begin with a slash\n'],
    ["/cut/body?after=100&of=100", 400, 'the parameter "after" must be a whole number from 0 to 99\n'],
    ["http://[/", 400, "the Host field or the request target is not usable\n"],
  ] as const;
  for (const [target, status, line] of cases) {
    test(`${target} is answered by ${status} and one line`, async () => {
      await using network = await startTestNetwork(detour);
      const response = parseResponse(await talk(network, "http", requestBytes(target)));
      assert.equal(response.status, status);
      assert.equal(response.body.replace(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/g, ""), line);
    });
  }
});

describe("closing", () => {
  test("ends every connection, whatever it waits for, and twice is harmless", async () => {
    await using network = await startTestNetwork(detour);
    const targets = [
      "/stall/response",
      "/stall/headers",
      "/stall/body",
      "/delay/600000",
      "/drip?every=600000",
      "/json",
    ];
    const closed = targets.map(async (target) => {
      const socket = connect(network.http.port, network.http.host);
      socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      socket.resume();
      await once(socket, "close");
    });
    await Promise.all(targets.map((wanted) => network.waitForRequest(({ target }) => target === wanted)));
    await Promise.all([network.close(), network.close()]);
    await Promise.all(closed);
    await network.close();
    assert.equal(network.connections.open, 0);
  });

  test("leaves nothing that would keep a process alive", async () => {
    const script = `
      import { startTestNetwork } from "@fairlead/testserver";
      import { connect } from "node:net";
      await using network = await startTestNetwork(${JSON.stringify(detour)});
      const socket = connect(network.http.port, network.http.host);
      socket.on("error", () => {}).write("GET /delay/600000 HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n");
      await network.waitForRequest(() => true);
      await network.close();
      console.log("closed");
    `;
    const child = spawn(process.execPath, ["--conditions=source", "--input-type=module", "--eval", script], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 20_000,
    });
    const ended = once(child, "exit") as Promise<[code: number | null]>; // child_process: "exit" gives code, signal
    const [output, [code]] = await Promise.all([text(child.stdout), ended]);
    assert.deepEqual([output, code], ["closed\n", 0]);
  });

  test("a client that goes away in the middle does not disturb the others", async () => {
    await using network = await startTestNetwork(detour);
    for (const target of ["/bytes/100000000", "/drip?every=1", "/delay/600000", "/cut/body", "/stall/headers"]) {
      const socket = connect(network.http.port, network.http.host);
      socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      await network.waitForRequest((request) => request.target === target);
      socket.resetAndDestroy();
      assert.equal(parseResponse(await talk(network, "http", requestBytes("/json"))).status, 200);
    }
    const half = connect(network.http.port, network.http.host);
    half.write("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf", () =>
      half.resetAndDestroy(),
    );
    assert.equal(parseResponse(await talk(network, "http", requestBytes("/json"))).status, 200);
  });
});

/** Whether a type has room for every string. */
type IsWide<Name> = string extends Name ? true : false;
// A family whose names are no literals would let every misspelt name through.
false satisfies IsWide<ServiceName>;

describe("the manifest", () => {
  test("says what listens where and what every endpoint does, each in one line", async () => {
    await using network = await startTestNetwork(detour);
    const { manifest } = network;
    assert.deepEqual(JSON.parse(JSON.stringify(manifest)), JSON.parse(JSON.stringify(network.manifest)));
    assert.equal(manifest.ca.certificate, network.ca.certificate);
    assert.equal(manifest.services.length, network.services.length);
    for (const members of [manifest.services, manifest.endpoints]) {
      const lines = members.map(({ does }) => does);
      assert.equal(new Set(lines).size, lines.length, "no two say the same");
      for (const line of lines) assert.match(line, /^[a-z]+s\b.{5,110}[^.]$/);
    }
    assert.equal(new Set(manifest.endpoints.map(({ path }) => path)).size, manifest.endpoints.length);
    assert.doesNotMatch(JSON.stringify(manifest), /PRIVATE KEY/);
  });

  test("is written whole, readable by its owner only, with the certificate beside it when asked", async () => {
    await using network = await startTestNetwork(detour);
    await using temporary = await mkdtempDisposable(join(tmpdir(), "fairlead-manifest-"));
    const folder = temporary.path;
    const file = join(folder, "network.json");
    await network.writeManifest(file);
    assert.deepEqual(await readdir(folder), ["network.json"]);
    assert.match(await readFile(file, "utf8"), /"file": null/);

    const ca = join(folder, "network.ca.pem");
    await network.writeManifest(file, { withCa: true });
    assert.equal(await readFile(file, "utf8"), `${JSON.stringify(network.manifest, null, 2)}\n`);
    assert.equal(network.manifest.ca.file, ca);
    assert.equal(await readFile(ca, "utf8"), network.ca.certificate);
    for (const path of [file, ca]) assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  test("replaces a link instead of writing through it", async () => {
    await using network = await startTestNetwork(detour);
    await using temporary = await mkdtempDisposable(join(tmpdir(), "fairlead-manifest-"));
    const folder = temporary.path;
    await writeFile(join(folder, "victim"), "untouched");
    await symlink("victim", join(folder, "network.json"));
    await network.writeManifest(join(folder, "network.json"));
    assert.equal(await readFile(join(folder, "victim"), "utf8"), "untouched");
  });
});

/** Tries bases below the ports that systems give out by themselves, since any of them may be taken. */
async function startOnFreePorts(): Promise<TestNetwork> {
  for (let port = 20_002 + (process.pid % 500) * 20; ; port += 20) {
    try {
      return await startTestNetwork({ port });
    } catch (error) {
      if (port > 32_000) throw error;
    }
  }
}

async function getSecurely(network: TestNetwork, host: string, path: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const url = network.origin("https", host) + path;
    get(url, { ca: network.ca.certificate, lookup: network.lookup, agent: false }, (response) => {
      resolve(text(response));
    }).once("error", reject);
  });
}
