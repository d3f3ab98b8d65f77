import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import { describe, test, type TestContext } from "node:test";
import {
  type CoapAnswerMessage,
  type CoapClient,
  coapClient,
  type CoapHandler,
  type CoapRequestMessage,
  coapServer,
  serveChannel,
} from "@fairlead/iot/coap";
import { writeOption } from "@fairlead/iot/coap/protocol";
import { channelPair } from "../channel-pair.ts";

type Message = CoapRequestMessage | CoapAnswerMessage;

/** Notes what a channel tells until the test is over, each event with what is known then. */
function listen(t: TestContext, name: string, lines: string[]): TracingChannel<string, Message> {
  const channel: TracingChannel<string, Message> = tracingChannel(name);
  const note =
    (event: string) =>
    (message: Message): void => {
      const where = "url" in message ? message.url : message.target;
      const failure = message.error instanceof Error ? message.error.message : "";
      lines.push([event, message.method, where, message.code ?? "", failure].join(" ").trim());
    };
  const events = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;
  for (const event of events) {
    const hear = note(event);
    channel[event].subscribe(hear as never);
    t.after(() => channel[event].unsubscribe(hear as never));
  }
  return channel;
}

function clientOf(handler: CoapHandler): CoapClient {
  const server = coapServer({ handler });
  return coapClient({
    open: async () => {
      const pair = channelPair();
      serveChannel(pair.server, server.handler);
      return pair.client;
    },
  });
}

const content = { code: "2.05", options: [], payload: new Uint8Array(0) } as const;

describe("channels of node:diagnostics_channel", () => {
  test("tell of a request from its call to its response, without its secrets", async (t) => {
    const lines: string[] = [];
    listen(t, "fairlead:coap-request", lines);
    await using client = clientOf(() => content);
    const asked = client.get("coap://lamp.example/a%20b?page=1&access_token=abc");
    const url = "coap://lamp.example/a%20b?page=1&access_token=REDACTED";
    assert.deepEqual(lines, [`start GET ${url}`, `end GET ${url}`]);
    await asked;
    assert.deepEqual(lines.slice(2), [`asyncStart GET ${url} 2.05`, `asyncEnd GET ${url} 2.05`]);
  });

  test("tell of what a handler sees, and of what it throws", async (t) => {
    const lines: string[] = [];
    listen(t, "fairlead:coap-answer", lines);
    await using client = clientOf((request) => {
      if (request.code === "0.01") return { ...content, code: "4.04" };
      throw new Error("out of order");
    });
    assert.equal((await client.get("coap://lamp.example/on?x=1&sig=abc")).code, "4.04");
    assert.equal((await client.put("coap://lamp.example/on", { body: "1" })).code, "5.00");
    assert.deepEqual(lines, [
      "start GET /on?x=1&sig=REDACTED",
      "end GET /on?x=1&sig=REDACTED",
      "asyncStart GET /on?x=1&sig=REDACTED 4.04",
      "asyncEnd GET /on?x=1&sig=REDACTED 4.04",
      ...["start PUT /on", "end PUT /on", "error PUT /on  out of order"],
      ...["asyncStart PUT /on  out of order", "asyncEnd PUT /on  out of order"],
    ]);
  });

  test("tell of a request that fails with what the caller is told", async (t) => {
    const lines: string[] = [];
    listen(t, "fairlead:coap-request", lines);
    await using client = coapClient({ open: () => Promise.reject(new Error("no such device")) });
    await assert.rejects(client.get("coap://lamp.example/"), { message: "no such device" });
    assert.equal(lines[2], "error GET coap://lamp.example/  no such device");
  });

  test("bind stores, such as a span, to what is done for a request and to what its handler does", async (t) => {
    const spans = new AsyncLocalStorage<string>();
    const lines: string[] = [];
    const [asking, answering] = ["request", "answer"].map((what) => listen(t, `fairlead:coap-${what}`, lines));
    asking?.start.bindStore(spans, ({ method }) => `client ${method}`);
    answering?.start.bindStore(spans, ({ method }) => `server ${method}`);
    t.after(() => {
      asking?.start.unbindStore(spans);
      answering?.start.unbindStore(spans);
    });
    const seen: unknown[] = [];
    await using client = clientOf(async () => {
      seen.push(spans.getStore());
      await Promise.resolve();
      seen.push(spans.getStore());
      return content;
    });
    await client.get("coap://lamp.example/");
    assert.deepEqual(seen, ["server GET", "server GET"]);
    assert.equal(spans.getStore(), undefined);
  });

  test("tell a peer's text as one of a URL, cut where it is long", async (t) => {
    const targets: unknown[] = [];
    const channel = listen(t, "fairlead:coap-answer", []);
    const note = (message: Message): void => void targets.push("target" in message ? message.target : undefined);
    channel.start.subscribe(note as never);
    t.after(() => channel.start.unsubscribe(note as never));
    const server = coapServer({ handler: () => content });
    const pair = channelPair();
    serveChannel(pair.server, server.handler);
    const client = coapClient({ open: async () => pair.client });
    const ask = client.requester("coap://lamp.example/");
    for (const path of [["<b>\n\u{202e}"], [".."], Array.from({ length: 20 }, () => "x".repeat(200))]) {
      const options = path.map((segment) => writeOption("uriPath", segment));
      await ask({ code: "0.01", options, payload: new Uint8Array(0) });
    }
    await client.close();
    assert.deepEqual(targets.slice(0, 2), ["/%3Cb%3E%0A%E2%80%AE", undefined]);
    assert.equal(String(targets[2]).length, 1_024);
  });
});
