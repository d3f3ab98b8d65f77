import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import { after, before, test } from "node:test";
import { detour } from "../detour.ts";

let network: TestNetwork;
let session: ClientHttp2Session;
before(async () => {
  network = await startTestNetwork(detour);
  session = connect(network.service("https-h2").origin, { ca: network.ca.certificate });
});
after(async () => {
  session.close();
  await network.close();
});

async function ask(path: string, body?: string): Promise<{ readonly status: number; readonly text: string }> {
  const stream = session.request({ ":path": path, ":method": body === undefined ? "GET" : "POST" });
  stream.end(body);
  const [head] = (await once(stream, "response")) as [IncomingHttpHeaders];
  let text = "";
  stream.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  await once(stream, "end");
  return { status: Number(head[":status"]), text };
}

test("https-h2 offers the endpoints over HTTP/2, and records its requests", async () => {
  assert.equal((await ask("/json")).text.length, 1_024);
  assert.equal((await ask("/status/404")).status, 404);
  const echo = JSON.parse((await ask("/echo?a=b", "body")).text) as { readonly method: string };
  assert.equal(echo.method, "POST");
  const recorded = network.requests.at(-1);
  assert.deepEqual([recorded?.service, recorded?.target, recorded?.tls?.alpn], ["https-h2", "/echo?a=b", "h2"]);
  assert.equal(recorded?.headers["host"], new URL(network.service("https-h2").origin).host);
  assert.equal(network.service("https-h2").connections.secured, 1);
});

test("https-h2 refuses what is written by hand in HTTP/1.1, and goes on", async () => {
  const { status, text } = await ask("/malformed/not-http");
  assert.deepEqual([status, text.includes("HTTP/1.1")], [400, true]);
  assert.equal((await ask("/json")).status, 200);
});
