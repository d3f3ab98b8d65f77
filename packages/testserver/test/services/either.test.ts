import { startTestNetwork } from "@fairlead/testserver";
import assert from "node:assert/strict";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { test } from "node:test";
import { detour } from "../detour.ts";

test("one port answers in the clear and over TLS, and logs which it was", async () => {
  await using network = await startTestNetwork(detour);
  const { port } = network.service("http-or-https");
  const get = (start: typeof requestPlain | typeof requestSecure): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      start(
        { host: "localhost", port, path: "/status/204", ca: network.ca.certificate, agent: false, family: 4 },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      )
        .once("error", reject)
        .end();
    });
  assert.equal(await get(requestPlain), 204);
  assert.equal(await get(requestSecure), 204);
  assert.deepEqual(
    network.requests.map(({ service, tls }) => [service, tls !== undefined]),
    [
      ["http-or-https", false],
      ["http-or-https", true],
    ],
  );
  assert.equal(network.service("http-or-https").connections.accepted, 2);
});
