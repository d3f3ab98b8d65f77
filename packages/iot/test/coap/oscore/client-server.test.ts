import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  coapAnswer,
  coapClient,
  coapRefusal,
  coapServer,
  observable,
  observe,
  openOscoreContext,
  resource,
  type CoapContext,
} from "@fairlead/iot/coap";
import { writeOption } from "@fairlead/iot/coap/protocol";
import { clientParameters, contextPair, hex, turned } from "./context-pair.ts";

const large = Uint8Array.from({ length: 40_000 }, (_, at) => at & 255);

describe("a client and a server with OSCORE, over UDP", () => {
  test("ask and answer, and carry large bodies in blocks that are protected each", async () => {
    const { client: context, server: peer } = await contextPair({ idContext: hex("37cbf3210017a2d3") });
    const seen: CoapContext["security"][] = [];
    await using server = coapServer({
      oscore: { contexts: [peer] },
      resources: [
        resource("large", {
          get: () => coapAnswer("Content", large),
          put: ({ payload }, { security }) => {
            seen.push(security);
            return payload.length === large.length ? coapAnswer("Changed") : coapRefusal("Bad Request");
          },
        }),
      ],
    });
    const { url } = await server.listen({ port: 0 });
    await using client = coapClient({ oscore: () => context });
    const { code, payload } = await client.get(`${url}/large`);
    assert.deepEqual([code, payload], ["2.05", large]);
    assert.equal((await client.put(`${url}/large`, { body: large })).code, "2.04");
    assert.deepEqual(seen, [{ type: "oscore", peerId: "01", idContext: "37cbf3210017a2d3" }]);
    const { body } = await client.download(`${url}/large`);
    let received = 0;
    for await (const piece of body) received += piece.length;
    assert.equal(received, large.length);

    await using stranger = coapClient();
    assert.equal((await stranger.get(`${url}/large`)).code, "4.01");
  });

  test("observe", async () => {
    const { client: context, server: peer } = await contextPair();
    const state = observable(() => coapAnswer("Content", String(count)));
    let count = 0;
    await using server = coapServer({
      oscore: { contexts: [peer] },
      resources: [resource("count", { get: (request, asking) => state.handler(request, asking) })],
    });
    const { url } = await server.listen({ port: 0 });
    await using client = coapClient({ oscore: () => context });
    const heard: string[] = [];
    const request = { code: "0.01", options: [writeOption("uriPath", "count")], payload: new Uint8Array(0) } as const;
    for await (const { payload } of observe(client.requester(url), request)) {
      heard.push(new TextDecoder().decode(payload));
      count += 1;
      if (count === 4) break;
      state.changed();
    }
    assert.deepEqual(heard, ["0", "1", "2", "3"]);
  });

  test("go on when the server was restarted, as the client shows that it asks now (RFC 8613 appendix B.1.2)", async () => {
    const { client: context, serverStore } = await contextPair();
    await using client = coapClient({ oscore: () => context });
    for (let start = 0; start < 3; start += 1) {
      const peer = await openOscoreContext(turned(clientParameters), { store: serverStore });
      await using server = coapServer({
        oscore: { contexts: [peer] },
        resources: [resource("hello", { get: () => coapAnswer("Content", "hello") })],
      });
      const { url } = await server.listen({ port: 0 });
      assert.equal((await client.get(`${url}/hello`)).code, "2.05");
      assert.equal((await client.get(`${url}/hello`)).code, "2.05");
    }
  });
});
