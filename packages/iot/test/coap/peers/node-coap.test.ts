import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { coapClient, coapServer } from "@fairlead/iot/coap";
import {
  type CoapRequestParams,
  createServer,
  type IncomingMessage,
  type ObserveReadStream,
  type OutgoingMessage,
  request,
  Agent,
} from "coap";
import { deviceResources, largeText } from "./device.ts";

/** Listens on a port that the system chooses. */
async function serving(listener: (request: IncomingMessage, response: OutgoingMessage) => void): Promise<Serving> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.listen(0, "127.0.0.1", (error?: Error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
  // Its types do not tell of its socket.
  const { port } = (server as unknown as { _sock: { address(): { port: number } } })._sock.address();
  return {
    url: `coap://127.0.0.1:${String(port)}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

interface Serving extends AsyncDisposable {
  readonly url: string;
}

/** Asks by node-coap, and gives the answer whole. */
async function ask(
  url: string,
  params: CoapRequestParams = {},
  body?: string,
): Promise<{ code: string; text: string }> {
  const { hostname, port, pathname } = new URL(url);
  const agent = new Agent({ type: "udp4" });
  try {
    const asking = request({ hostname, port: Number(port), pathname, agent, ...params });
    asking.end(body);
    const [response] = (await once(asking, "response")) as [IncomingMessage];
    return { code: response.code, text: response.payload.toString() };
  } finally {
    agent.close();
  }
}

describe("our client, asking node-coap's server", () => {
  test("gets, puts, and is told what is not there", async () => {
    await using server = await serving((asked, answer) => {
      answer.code = asked.url === "/nowhere" ? "4.04" : asked.method === "PUT" ? "2.04" : "2.05";
      answer.end(`${asked.method} ${asked.url} ${asked.payload.toString()}`);
    });
    await using client = coapClient();
    assert.equal((await client.get(`${server.url}/a/b?c`)).text(), "GET /a/b?c ");
    assert.equal((await client.put(`${server.url}/a`, { body: "x" })).text(), "PUT /a x");
    assert.equal((await client.get(`${server.url}/nowhere`)).code, "4.04");
  });

  test("puts 30 kB in blocks, which it joins by their token (RFC 7959 section 2.3)", async () => {
    const body = largeText.repeat(6);
    await using server = await serving((asked, answer) => {
      answer.code = "2.04";
      answer.end(asked.payload.toString() === body ? "whole" : "not what was sent");
    });
    await using client = coapClient();
    assert.equal((await client.put(`${server.url}/a`, { body })).text(), "whole");
    assert.equal((await client.upload(`${server.url}/a`, new TextEncoder().encode(body))).text(), "whole");
  });

  test("discovers what it has (RFC 6690)", async () => {
    await using server = await serving((asked, answer) => {
      answer.setOption("Content-Format", "application/link-format");
      answer.end(asked.url === "/.well-known/core" ? '</sensors/temp>;rt="temperature-c";obs' : "");
    });
    await using client = coapClient();
    const found = await client.discover(server.url);
    assert.deepEqual(
      found.map(({ url }) => url),
      [`${server.url}/sensors/temp`],
    );
  });

  test("gets in blocks", async () => {
    await using server = await serving((_asked, answer) => {
      answer.end(largeText);
    });
    await using client = coapClient();
    assert.equal((await client.get(`${server.url}/large`)).text(), largeText);
  });

  test("waits for a separate response (RFC 7252 section 5.2.2)", async () => {
    await using server = await serving((_asked, answer) => {
      setTimeout(() => answer.end("at last"), 200);
    });
    await using client = coapClient();
    assert.equal((await client.get(`${server.url}/slow`)).text(), "at last");
  });

  test("observes: each state comes, until it leaves (RFC 7641)", async () => {
    let state = 0;
    let tell = (): void => undefined;
    await using server = await serving((asked, answer) => {
      if (asked.headers.Observe !== 0) {
        answer.end();
        return;
      }
      tell = () => answer.write(String(state));
      tell();
    });
    await using client = coapClient();
    const heard: string[] = [];
    for await (const reply of client.observe(`${server.url}/count`)) {
      heard.push(reply.text());
      if (heard.length === 3) break;
      state += 1;
      tell();
    }
    assert.deepEqual(heard, ["0", "1", "2"]);
  });
});

describe("node-coap's client, asking our server", () => {
  const asks: readonly (readonly [
    what: string,
    path: string,
    params: CoapRequestParams,
    body: string,
    answer: object,
  ])[] = [
    ["gets", "hello", {}, "", { code: "2.05", text: "hello" }],
    ["gets by a non-confirmable request", "hello", { confirmable: false }, "", { code: "2.05", text: "hello" }],
    ["is told what is not there", "nowhere", {}, "", { code: "4.04", text: "Not Found" }],
    ["posts", "echo", { method: "POST" }, "ping", { code: "2.04", text: "ping" }],
    ["fetches (RFC 8132)", "echo", { method: "FETCH" }, "part", { code: "2.05", text: "part" }],
    ["gets in blocks", "large", {}, "", { code: "2.05", text: largeText }],
    ["waits for a separate response", "slow", {}, "", { code: "2.05", text: "at last" }],
  ];
  for (const [what, path, params, body, answer] of asks) {
    test(what, async () => {
      await using server = coapServer({ resources: deviceResources() });
      const { url } = await server.listen({ port: 0 });
      assert.deepEqual(await ask(`${url}/${path}`, params, body), answer);
    });
  }

  test("puts in blocks, and gets what it put", async () => {
    await using server = coapServer({ resources: deviceResources() });
    const { url } = await server.listen({ port: 0 });
    const agent = new Agent({ type: "udp4" });
    try {
      const { hostname, port } = new URL(url);
      const asking = request({ hostname, port: Number(port), pathname: "/kept", method: "PUT", agent });
      asking.setOption("Block1", Buffer.of(0x06));
      asking.end(largeText);
      const [response] = (await once(asking, "response")) as [IncomingMessage];
      assert.equal(response.code, "2.04");
    } finally {
      agent.close();
    }
    assert.equal((await ask(`${url}/kept`)).text, largeText);
  });

  test("reads what there is (RFC 6690)", async () => {
    await using server = coapServer({ resources: deviceResources() });
    const { url } = await server.listen({ port: 0 });
    assert.match((await ask(`${url}/.well-known/core`)).text, /^<\/hello>;rt="greeting"/);
  });

  test("observes: each state comes, in order (RFC 7641)", async () => {
    await using server = coapServer({ resources: deviceResources() });
    const { url } = await server.listen({ port: 0 });
    const { hostname, port } = new URL(url);
    // It closes its socket by itself when nothing is observed any more.
    const agent = new Agent({ type: "udp4" });
    const asking = request({ hostname, port: Number(port), pathname: "/count", observe: true, agent });
    asking.end();
    const [response] = (await once(asking, "response")) as [ObserveReadStream];
    const heard: string[] = [];
    const four = Promise.withResolvers<undefined>();
    response.on("data", (piece: Buffer) => {
      heard.push(piece.toString());
      if (heard.length === 4) four.resolve(undefined);
    });
    await four.promise;
    response.close(false);
    assert.deepEqual(heard, ["0", "1", "2", "3"]);
  });
});
