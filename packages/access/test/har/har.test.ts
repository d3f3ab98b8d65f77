import { openNetworkAccessManager, type HarRecording, type NetworkAccessManager } from "@fairlead/access";
import { toHar, type Har, type HarEntry } from "@fairlead/access/har";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { networkFixture } from "../network-fixture.ts";
import { answering, response, scriptedServer } from "../scripted-server.ts";
import { checkHar } from "./check-har.ts";

const fixture = networkFixture();
const { open, either } = fixture;

/** What is written of a recording, as a reader gets it. */
function written(recording: HarRecording): Har {
  const har = JSON.parse(JSON.stringify(recording)) as Har;
  checkHar(har);
  return har;
}

async function entries(recording: HarRecording, requests: () => Promise<unknown>): Promise<readonly HarEntry[]> {
  await requests();
  return written(recording).log.entries;
}

async function read(manager: NetworkAccessManager, url: string, headers: Record<string, string> = {}): Promise<void> {
  await (await manager.request(url, { headers })).bytes();
}

describe("the archive", () => {
  test("has an entry for each hop: an upgrade by HSTS, a redirect, the answer", async () => {
    await using manager = await open();
    await read(manager, `${either("https")}/hsts/good/year`);
    using recording = await manager.recordHar();
    const found = await entries(recording, () => read(manager, `${either("http")}/redirect/302?to=/bytes/7`));
    assert.deepEqual(
      found.map(({ request, response, _reason }) => [request.url, response.status, response.redirectURL, _reason]),
      [
        [`${either("http")}/redirect/302?to=/bytes/7`, 307, `${either("https")}/redirect/302?to=/bytes/7`, "hsts"],
        [`${either("https")}/redirect/302?to=/bytes/7`, 302, "/bytes/7", "redirect"],
        [`${either("https")}/bytes/7`, 200, "", "network"],
      ],
    );
    const [upgrade, , answer] = found;
    assert.equal(upgrade?.connection, undefined);
    assert.equal(answer?.response.content.size, 7);
    assert.equal(answer.response.bodySize, 7);
    assert.equal(answer.serverIPAddress, "127.0.0.1");
    assert.deepEqual(upgrade?.request.queryString, [{ name: "to", value: "/bytes/7" }]);
  });

  for (const [listener, version] of [
    ["https", "HTTP/1.1"],
    ["https-h2", "HTTP/2"],
  ] as const) {
    test(`tells what went over the wire by ${version}, cookies of the jar too`, async () => {
      await using manager = await open();
      const origin = `https://a.fairlead.test:${String(fixture.network.service(listener).port)}`;
      using recording = await manager.recordHar({ dangerous: { secrets: true } });
      await read(manager, `${origin}/cookies/set-raw?value=${encodeURIComponent("a=1; Path=/; Max-Age=60; HttpOnly")}`);
      const reply = await manager.request(`${origin}/echo`, { method: "POST", body: "12345", headers: { "X-A": "b" } });
      await reply.bytes();
      const [first, second] = written(recording).log.entries;
      assert.equal(second?.request.httpVersion, version);
      const headers = new Map(second.request.headers.map(({ name, value }) => [name.toLowerCase(), value]));
      assert.equal(headers.get("x-a"), "b");
      assert.equal(headers.get("cookie"), "a=1");
      assert.equal(headers.get("content-length"), "5");
      assert.deepEqual(second.request.cookies, [{ name: "a", value: "1" }]);
      assert.equal(second.request.bodySize, 5);
      const [cookie] = first?.response.cookies ?? [];
      const { expires = "", ...fixed } = cookie ?? {};
      assert.deepEqual(fixed, { name: "a", value: "1", path: "/", httpOnly: true, secure: false });
      const untilExpiry = Date.parse(expires) - Date.parse(first?.startedDateTime ?? "");
      assert.equal(Math.round(untilExpiry / 1000), 60);
      assert.ok(second.timings.wait > 0);
      assert.equal(second.timings.connect, -1, "the connection was there");
      assert.ok((first?.timings.ssl ?? -1) > 0);
    });
  }

  test("tells of failures, and of what came before them", async () => {
    await using server = await scriptedServer(
      answering((target, socket) => {
        if (target === "/there") return "HTTP/1.1 302 Found\r\nLocation: /cut\r\nContent-Length: 0\r\n\r\n";
        socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        return undefined;
      }),
    );
    await using manager = await openNetworkAccessManager();
    using recording = await manager.recordHar();
    await assert.rejects(read(manager, `${server.origin}/there`));
    await assert.rejects(read(manager, "http://127.0.0.1:1/"));
    const found = written(recording).log.entries;
    assert.deepEqual(
      found.map(({ response }) => [response.status, response._error, response.bodySize]),
      [
        [302, undefined, 0],
        [200, "RESPONSE_TRUNCATED", 4],
        [0, "CONNECTION_REFUSED", -1],
      ],
    );
  });

  test("tells of retries, and of what a cache did", async () => {
    let asked = 0;
    await using server = await scriptedServer(
      answering(() => {
        asked += 1;
        return asked === 1
          ? "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
          : response("stored", "Cache-Control: max-age=60");
      }),
    );
    await using manager = await openNetworkAccessManager({ retry: { backoffMilliseconds: 0 } });
    using recording = await manager.recordHar();
    const [first, second] = await entries(recording, async () => {
      await read(manager, server.origin);
      await read(manager, server.origin);
    });
    assert.deepEqual(first?._repeats, ["retry"]);
    assert.deepEqual(first._retries, [{ status: 503, waitMilliseconds: 0 }]);
    assert.deepEqual(second?._cache, { use: "fresh", ageSeconds: 0 });
    assert.deepEqual([second.response.bodySize, second.response.content.size], [0, 6]);
  });

  test("tells how it was tried to say who the client is, and not the password", async () => {
    await using server = await scriptedServer((socket) => {
      socket.on("data", (bytes: Buffer) => {
        const isKnown = /authorization:/i.test(bytes.toString("latin1"));
        const challenge = 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="r"\r\nContent-Length: 0\r\n\r\n';
        socket.write(isKnown ? response("in") : challenge);
      });
    });
    await using manager = await openNetworkAccessManager({
      onAuthenticate: () => ({ type: "password", username: "me", password: "hunter2" }),
      authentication: { dangerous: { sendSecretsInTheClear: true } },
    });
    using recording = await manager.recordHar();
    const [entry] = await entries(recording, () => read(manager, server.origin));
    assert.deepEqual(entry?._authentication, [
      { role: "origin", scheme: "basic", realm: "r", anticipated: false, outcome: "accepted" },
    ]);
    assert.deepEqual(
      entry.request.headers.find(({ name }) => name.toLowerCase() === "authorization"),
      { name: "authorization", value: "Basic REDACTED" },
    );
  });

  test("has a data: URL without what is in it, and a request about the server as a whole", async () => {
    await using server = await scriptedServer(answering(() => response("x")));
    await using manager = await openNetworkAccessManager();
    using recording = await manager.recordHar();
    await read(manager, "data:text/plain,hello");
    const { body } = await manager.request({ origin: server.origin, path: "*", method: "OPTIONS" });
    await body.text();
    const urls = recording.toJSON().log.entries.map(({ request }) => request.url);
    assert.deepEqual(urls, ["data:text/plain,REDACTED", `${server.origin}*`]);
  });

  test("is there without a recording, but for what nobody kept", async () => {
    await using manager = await open();
    const reply = await manager.request(`${fixture.network.https.origin}/bytes/7`);
    await reply.bytes();
    const har = JSON.parse(JSON.stringify(toHar([reply.transaction], { creator: { name: "a", version: "1" } }))) as Har;
    checkHar(har);
    assert.equal(har.log.entries[0]?.response.status, 200);
    assert.deepEqual(har.log.entries[0].response.headers, []);
  });
});

describe("bodies", () => {
  const text = "héllo ".repeat(100);
  const coded = brotliCompressSync(text);

  test("are left out by default, and are kept, decoded, on demand", async () => {
    await using server = await scriptedServer((socket) => {
      socket.on("data", () => {
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Type: text/plain\r\nContent-Length: ${String(coded.length)}\r\n\r\n`,
        );
        socket.write(coded);
      });
    });
    await using manager = await openNetworkAccessManager();
    using plain = await manager.recordHar();
    await (await manager.request(server.origin, { method: "POST", body: "a=1" })).bytes();
    using full = await manager.recordHar({ bodies: true });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    await (await manager.request(server.origin, { method: "POST", body: "a=1", headers })).bytes();
    const [without] = written(plain).log.entries;
    assert.deepEqual([without?.request.postData, without?.response.content.text], [undefined, undefined]);
    assert.deepEqual([without?.request.bodySize, without?.response.content.size], [3, -1]);
    const [found] = written(full).log.entries;
    assert.deepEqual(found?.request.postData, { mimeType: headers["content-type"], params: [], text: "a=1" });
    const size = Buffer.byteLength(text);
    assert.deepEqual(found.response.content, {
      ...{ size, compression: size - coded.length, mimeType: "text/plain", text },
    });
  });

  test("that are no text are in Base64; those over the limit are left out", async () => {
    await using server = await scriptedServer(
      answering((target) => response(target === "/large" ? "x".repeat(11) : "\xff\xfe")),
    );
    await using manager = await openNetworkAccessManager();
    using recording = await manager.recordHar({ bodies: true, bodyLimitBytes: 10 });
    await read(manager, `${server.origin}/small`);
    await read(manager, `${server.origin}/large`);
    const [small, large] = written(recording).log.entries.map(({ response: { content } }) => content);
    assert.deepEqual([small?.text, small?.encoding], ["//4=", "base64"]);
    assert.deepEqual([large?.text, large?.size], [undefined, 11]);
  });
});

describe("a recording", () => {
  test("keeps the latest requests, as many as it may", async () => {
    await using server = await scriptedServer(answering((target) => response(target)));
    await using manager = await openNetworkAccessManager();
    using recording = await manager.recordHar({ requestsLimit: 2 });
    for (const path of ["/1", "/2", "/3"]) await read(manager, server.origin + path);
    const { log } = written(recording);
    assert.deepEqual(
      log.entries.map(({ request }) => new URL(request.url).pathname),
      ["/2", "/3"],
    );
    assert.equal(recording.dropped, 1);
    assert.match(log.comment ?? "", /^1 earlier/);
  });

  test("keeps no more bytes than it may", async () => {
    await using server = await scriptedServer(answering(() => response("x".repeat(1000))));
    await using manager = await openNetworkAccessManager();
    using recording = await manager.recordHar({ bodies: true, limitBytes: 5000 });
    for (let number = 0; number < 10; number += 1) await read(manager, `${server.origin}/${String(number)}`);
    assert.equal(written(recording).log.entries.length, 4);
  });

  test("ends when it is disposed of, and keeps what it has", async () => {
    await using manager = await open();
    const recording = await manager.recordHar();
    await read(manager, `${fixture.network.https.origin}/bytes/1`);
    recording[Symbol.dispose]();
    await read(manager, `${fixture.network.https.origin}/bytes/2`);
    assert.equal(written(recording).log.entries.length, 1);
  });

  test("names what made it", async () => {
    await using manager = await openNetworkAccessManager();
    using recording = await manager.recordHar();
    assert.equal(written(recording).log.creator.name, "@fairlead/access");
    using own = await manager.recordHar({ creator: { name: "mail", version: "3" } });
    assert.deepEqual(written(own).log.creator, { name: "mail", version: "3" });
  });
});
