import assert from "node:assert/strict";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { startTestNetwork, type TestNetwork, type TrafficEvent } from "@fairlead/testserver";

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ now: () => Date.UTC(2026, 10, 22) });
});
after(() => network.close());

describe("the control service", () => {
  test("hands out the manifest and the authority's certificate", async () => {
    assert.equal((await ask("GET", "/manifest")).body, `${JSON.stringify(network.manifest, null, 2)}\n`);
    assert.equal((await ask("GET", "/ca.pem")).body, network.ca.certificate);
  });

  test("puts the clock, forward, back, and to the system's time", async () => {
    const clock = async (body: object): Promise<string> => (await put("/clock", body)).body;
    assert.match(await clock({ now: "2030-01-01T00:00:00Z" }), /"now": "2030-01-01T00:00:00.000Z"/);
    assert.match(await clock({ advanceSeconds: 3600 }), /"now": "2030-01-01T01:00:00.000Z"/);
    assert.equal(network.clock.now(), Date.UTC(2030, 0, 1, 1));
    assert.match((await ask("GET", "/clock")).body, /"offsetSeconds": \d{8,}/);
    assert.match(await clock({ now: null }), /"offsetSeconds": 0/);
  });

  test("tells what happened, and what happens from then on", async () => {
    const { host, port } = network.http;
    const speak = async (path: string): Promise<void> => {
      await (await fetch(`http://${host}:${port}${path}`)).text();
    };
    await speak("/json?before");
    const known = JSON.parse((await ask("GET", "/traffic")).body) as readonly TrafficEvent[];
    assert.ok(known.some((event) => event.type === "request" && event.target === "/json?before"));

    const stop = new AbortController();
    const after = known.at(-1)?.sequence ?? 0;
    const stream = await fetch(`${network.manifest.control}/traffic?after=${after}`, {
      headers: { accept: "text/event-stream" },
      signal: stop.signal,
    });
    await speak("/json?after");
    let heard = "";
    for await (const piece of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      heard += piece;
      if (heard.includes("/json?after")) break;
    }
    stop.abort();
    assert.doesNotMatch(heard, /before/);
    assert.match(heard, /^id: \d+\ndata: \{"sequence":\d+,/m);
  });

  const refusals = [
    ["another name", "GET", "/manifest", { host: "rebound.example:1" }, 421],
    ["a page elsewhere", "GET", "/manifest", { origin: "http://evil.example" }, 403],
    ["a page on another port of this machine", "GET", "/manifest", { origin: "http://localhost:1" }, 403],
    ["a form", "PUT", "/clock", { "content-type": "text/plain" }, 415],
    ["no JSON", "PUT", "/clock", { "content-type": "application/json" }, 400],
    ["another method", "DELETE", "/manifest", {}, 405],
    ["another path", "GET", "/nowhere", {}, 404],
    ["a target that is no URL", "GET", "//[", {}, 400],
  ] as const;
  for (const [what, method, path, fields, status] of refusals) {
    test(`refuses ${what} by ${status} and one line`, async () => {
      const answer = await ask(method, path, fields, method === "PUT" ? "now" : undefined);
      assert.equal(answer.status, status);
      assert.match(answer.body, /^[^\n]{10,200}\n$/);
    });
  }

  for (const body of [
    {},
    { now: "yesterday" },
    { now: "1960-01-01" },
    { advanceSeconds: 1e12 },
    { advanceSeconds: "1" },
  ]) {
    test(`leaves the clock alone at ${JSON.stringify(body)}`, async () => {
      const before = network.clock.now();
      assert.equal((await put("/clock", body)).status, 400);
      assert.equal(network.clock.now(), before);
    });
  }

  test("reads no more of a body than it must", async () => {
    assert.equal((await put("/clock", { now: "x".repeat(100_000) })).status, 413);
  });
});

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

function put(path: string, body: object): Promise<Answer> {
  return ask("PUT", path, { "content-type": "application/json" }, JSON.stringify(body));
}

function ask(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${network.manifest.control}${path}`, { method, headers, agent: false }, (response) => {
      text(response).then((body_) => {
        resolve({ status: response.statusCode, body: body_ });
      }, reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
