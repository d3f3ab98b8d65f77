import assert from "node:assert/strict";
import { get } from "node:https";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";

describe("a test network", () => {
  test("answers over http and records the request", async () => {
    await using network = await startTestNetwork();
    const response = await fetch(`${network.http.origin}/status/404`, { method: "POST", body: "abc" });
    assert.equal(response.status, 404);
    const [request] = network.requests;
    assert.equal(request?.method, "POST");
    assert.equal(request.body.sizeBytes, 3);
  });

  test("answers over https with a certificate that its authority vouches for", async () => {
    await using network = await startTestNetwork();
    const echo: unknown = JSON.parse(await getSecurely(network, "a.fairlead.test", "/echo"));
    assert.equal(Reflect.get(Object(echo), "url"), `${network.origin("https", "a.fairlead.test")}/echo`);
  });
});

async function getSecurely(network: TestNetwork, host: string, path: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const url = network.origin("https", host) + path;
    get(url, { ca: network.ca.certificate, lookup: network.lookup, agent: false }, (response) => {
      resolve(text(response));
    }).once("error", reject);
  });
}
