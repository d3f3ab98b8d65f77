import { serve } from "@fairlead/server";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  githubWebhooks,
  signWebhook,
  standardWebhooks,
  twilioWebhooks,
  webhook,
  webhookMemory,
  type WebhookOptions,
} from "../../../src/patterns/webhooks/index.ts";

const scheme = githubWebhooks();
const secrets = ["It's a Secret to Everybody"];

/** A server with one webhook, and what sends to it. */
async function receiver(
  options: Partial<WebhookOptions> & Pick<WebhookOptions, "handler">,
): Promise<
  { url: string; errors: unknown[]; send: (body: string, init?: RequestInit) => Promise<Response> } & AsyncDisposable
> {
  const errors: unknown[] = [];
  const all = { scheme, secrets, ...options };
  const server = await serve({ fetch: webhook(all), onError: (error) => errors.push(error) });
  const url = `${String(server.url)}/hook`;
  return {
    url,
    errors,
    send: (body, init) =>
      fetch(url, {
        method: "POST",
        body,
        headers: signWebhook({ body, url }, { scheme: all.scheme, secrets: all.secrets }),
        ...init,
      }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe("a webhook that is served", () => {
  test("hands over what was signed, byte by byte, and answers 204", async () => {
    const messages: string[] = [];
    await using hook = await receiver({ handler: ({ body }) => messages.push(new TextDecoder().decode(body)) });
    const response = await hook.send('{ "a": 1 }');
    assert.equal(response.status, 204);
    assert.deepEqual(messages, ['{ "a": 1 }']);
  });

  test("answers what its handler gives", async () => {
    await using hook = await receiver({ handler: () => new Response("challenge", { status: 200 }) });
    assert.equal(await (await hook.send("x")).text(), "challenge");
  });

  test("answers 401 as Problem Details to who does not sign, and says why to nobody but onRefusal", async () => {
    const refusals: string[] = [];
    const handled: unknown[] = [];
    await using hook = await receiver({
      handler: (message) => handled.push(message),
      onRefusal: (error) => refusals.push(error.message),
    });
    const headers = { "x-hub-signature-256": `sha256=${"0".repeat(64)}` };
    for (const init of [{ headers }, { headers: {} }]) {
      const response = await hook.send("x", init);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get("content-type"), "application/problem+json");
      assert.ok(response.headers.has("www-authenticate"));
      assert.deepEqual(await response.json(), { type: "about:blank", title: "Unauthorized", status: 401 });
    }
    assert.match(refusals[0] ?? "", /no secret matches/);
    assert.match(refusals[1] ?? "", /no signature/);
    assert.deepEqual(handled, []);
  });

  test("answers 405 to other methods, with those that it takes", async () => {
    await using hook = await receiver({ handler: () => assert.fail() });
    const response = await fetch(hook.url);
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("allow"), "POST");
  });

  test("answers 413 to more than its limit, whether or not the length is said, and asks nobody", async () => {
    await using hook = await receiver({ handler: () => assert.fail(), limitBytes: 10 });
    assert.equal((await hook.send("x".repeat(11))).status, 413);
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new Uint8Array(11));
        controller.close();
      },
    });
    assert.equal((await hook.send("", { body, duplex: "half" })).status, 413);
    await using roomy = await receiver({ handler: () => undefined, limitBytes: 10 });
    assert.equal((await roomy.send("x".repeat(10))).status, 204);
  });

  test("answers 500 where its handler fails, so that the sender tries again", async () => {
    const failure = new Error("full");
    await using hook = await receiver({
      handler: () => {
        throw failure;
      },
    });
    assert.equal((await hook.send("x")).status, 500);
    assert.deepEqual(hook.errors, [failure]);
  });

  test("tells its sender that a secret is none when it is made, not when a message comes", () => {
    assert.throws(() => webhook({ scheme, secrets: [""], handler: () => undefined }), { code: "OPTION_INVALID" });
  });

  test("goes by the address that its sender knows, behind a proxy", async () => {
    const twilio = twilioWebhooks();
    const sent = {
      url: "https://public.example/hook?a=1",
      body: "Body=hello",
      contentType: "application/x-www-form-urlencoded",
    };
    const headers = { ...signWebhook(sent, { scheme: twilio, secrets }), "content-type": sent.contentType };
    await using hook = await receiver({ scheme: twilio, handler: () => undefined, url: () => sent.url });
    assert.equal((await hook.send(sent.body, { headers })).status, 204);
    await using lost = await receiver({ scheme: twilio, handler: () => assert.fail() });
    assert.equal((await lost.send(sent.body, { headers })).status, 401);
  });
});

describe("a webhook that remembers", () => {
  test("handles a message once, however often it comes", async () => {
    let count = 0;
    await using hook = await receiver({ memory: webhookMemory(), handler: () => (count += 1) });
    for (const body of ["x", "x", "y", "x"]) assert.equal((await hook.send(body)).status, 204);
    assert.equal(count, 2);
  });

  test("handles a message again whose handler has failed", async () => {
    let count = 0;
    await using hook = await receiver({
      memory: webhookMemory(),
      handler: () => {
        count += 1;
        if (count === 1) throw new Error("not yet");
      },
    });
    const statuses: number[] = [];
    for (let tries = 0; tries < 3; tries += 1) statuses.push((await hook.send("x")).status);
    assert.deepEqual(statuses, [500, 204, 204]);
    assert.equal(count, 2);
  });

  test("has the sender come back while the same message is being handled", async () => {
    const begun = Promise.withResolvers<undefined>();
    const end = Promise.withResolvers<undefined>();
    await using hook = await receiver({
      memory: webhookMemory(),
      handler: async () => {
        begun.resolve(undefined);
        await end.promise;
      },
    });
    const first = hook.send("x");
    await begun.promise;
    assert.equal((await hook.send("x")).status, 409);
    end.resolve(undefined);
    assert.equal((await first).status, 204);
  });

  test("knows a message by what its sender calls it, when that tries again later", async () => {
    let count = 0;
    const standard = standardWebhooks();
    const secret = ["bmV3"];
    await using hook = await receiver({
      scheme: standard,
      secrets: secret,
      memory: webhookMemory(),
      handler: () => (count += 1),
    });
    for (const ago of [100_000, 0]) {
      const headers = signWebhook(
        { body: "x", id: "msg_1" },
        { scheme: standard, secrets: secret, now: () => Date.now() - ago },
      );
      assert.equal((await hook.send("x", { headers })).status, 204);
    }
    assert.equal(count, 1);
  });

  test("remembers for as long as it is told, which is as long as its scheme's time is believed", async () => {
    const standard = standardWebhooks();
    const secret = ["bmV3"];
    let now = 1_000_000_000_000;
    let count = 0;
    await using hook = await receiver({
      scheme: standard,
      secrets: secret,
      memory: webhookMemory({ now: () => now }),
      rememberMilliseconds: 60_000,
      toleranceSeconds: 60,
      now: () => now,
      handler: () => (count += 1),
    });
    const headers = signWebhook({ body: "x", id: "msg_1" }, { scheme: standard, secrets: secret, now: () => now });
    const statuses: number[] = [];
    for (const ago of [0, 59_000, 1_000, 1_000]) {
      now += ago;
      statuses.push((await hook.send("x", { headers })).status);
    }
    assert.deepEqual([statuses, count], [[204, 204, 204, 401], 2]);
  });

  test("forgets after its time, and the oldest when it is full", async () => {
    let now = 0;
    const memory = webhookMemory({ entries: 2, now: () => now });
    assert.equal(await memory.add("a", 10), true);
    assert.equal(await memory.add("a", 10), false);
    now = 10;
    assert.equal(await memory.add("a", 20), true);
    assert.equal(await memory.add("b", 20), true);
    assert.equal(await memory.add("c", 20), true);
    assert.equal(await memory.add("b", 20), false);
    assert.equal(await memory.add("a", 20), true);
  });
});
