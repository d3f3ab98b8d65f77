import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { askGroup, coapAnswer, coapClient, type CoapListenOptions, coapServer, resource } from "@fairlead/iot/coap";
import { openUdp } from "@fairlead/transport";

describe("a CoAP server", () => {
  test("tells its owner what a handler threw, and the client nothing of it", async () => {
    const told: unknown[] = [];
    await using server = coapServer({
      resources: [
        resource("a", {
          get: () => {
            throw new Error("secret");
          },
        }),
      ],
      onError: (error, { scheme }) => told.push([(error as Error).message, scheme]),
    });
    const { url } = await server.listen({ port: 0 });
    await using client = coapClient();
    const reply = await client.get(`${url}/a`);
    assert.deepEqual([reply.code, reply.text()], ["5.00", ""]);
    assert.deepEqual(told, [["secret", "coap"]]);
  });

  test("listens in several places, on IPv6 as well, and no more when it is closed", async () => {
    await using server = coapServer({ handler: () => coapAnswer("Content", "here") });
    const listeners = [await server.listen({ port: 0 }), await server.listen({ host: "::1", port: 0 })];
    await using client = coapClient();
    for (const { url } of listeners) assert.equal((await client.get(url)).text(), "here");
    assert.match(listeners[1]?.url ?? "", /^coap:\/\/\[::1\]:\d+$/);
    await listeners[0]?.close();
    await server.close();
    // The port is free again.
    await using again = await server.listen({ port: listeners[0]?.port });
    assert.equal(again.port, listeners[0]?.port);
  });

  test("takes whoever asks its loopback address for reachable, and nobody who asks its group", async () => {
    const seen: (readonly [isMulticast: boolean, isReachable: boolean])[] = [];
    const leaving = new AbortController();
    await using server = coapServer({
      handler: (_request, { isMulticast, isReachable }) => {
        seen.push([isMulticast, isReachable]);
        if (isMulticast) leaving.abort();
        return coapAnswer("Content", "here");
      },
    });
    const group = "224.0.1.187";
    const { url, port } = await server.listen({ port: 0, groups: [{ group, interfaces: ["127.0.0.1"] }] });
    await using client = coapClient();
    await client.get(url);
    await using asking = await openUdp({ host: "0.0.0.0", multicast: { interfaces: ["127.0.0.1"] } });
    const request = { code: "0.01", options: [], payload: new Uint8Array(0) } as const;
    const answers = askGroup(asking, { host: group, port }, request, { signal: leaving.signal });
    await assert.rejects(answers.next(), { name: "AbortError" });
    assert.deepEqual(seen, [
      [false, true],
      [true, false],
    ]);
  });

  test("listens over TCP, for a client that finds it by the scheme (RFC 8323)", async () => {
    await using server = coapServer({
      handler: ({ payload }, { scheme }) => coapAnswer("Content", `${scheme} ${String(payload.length)}`),
    });
    const { url } = await server.listen({ scheme: "coap+tcp", port: 0 });
    await using client = coapClient();
    const reply = await client.fetch(url, { body: new Uint8Array(100_000) });
    assert.equal(reply.text(), "coap+tcp 100000");
  });

  const impossible: readonly (readonly [what: string, options: CoapListenOptions])[] = [
    ["coaps without keys or a certificate", { scheme: "coaps", port: 0 }],
    ["coaps+tcp without keys or a certificate", { scheme: "coaps+tcp", port: 0 }],
    ["WebSockets, which come by an HTTP server", { scheme: "coap+ws", port: 0 }],
    ["groups but by coap", { scheme: "coap+tcp", port: 0, groups: [{ group: "224.0.1.187" }] }],
    ["groups beside all addresses", { host: "0.0.0.0", port: 0, groups: [{ group: "224.0.1.187" }] }],
  ];
  for (const [what, options] of impossible) {
    test(`does not listen for ${what}`, async () => {
      await using server = coapServer({ resources: [] });
      await assert.rejects(server.listen(options), { code: "OPTION_INVALID" });
    });
  }

  test("has resources or a handler, not both and not neither", () => {
    assert.throws(() => coapServer({}), { code: "OPTION_INVALID" });
    assert.throws(() => coapServer({ resources: [], handler: () => undefined }), { code: "OPTION_INVALID" });
  });

  test("tells where somebody else listens already", async () => {
    await using server = coapServer({ resources: [] });
    const { port } = await server.listen({ port: 0 });
    await assert.rejects(server.listen({ port }), { code: "ADDRESS_IN_USE" });
  });
});
