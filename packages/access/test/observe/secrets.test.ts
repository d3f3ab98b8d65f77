import { openNetworkAccessManager, prometheusText, type RequestMessage } from "@fairlead/access";
import { toHar } from "@fairlead/access/har";
import { instrument } from "@fairlead/access/opentelemetry";
import { isCodedError } from "@fairlead/core";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import fc from "fast-check";
import assert from "node:assert/strict";
import { subscribe, tracingChannel, unsubscribe } from "node:diagnostics_channel";
import { test } from "node:test";
import { inspect } from "node:util";
import { scriptedServer } from "../scripted-server.ts";

/** What only client and server know, in every place where such things are; no two are the same. */
interface Secrets {
  readonly token: string;
  readonly cookie: string;
  readonly key: string;
  readonly parameter: string;
  readonly body: string;
  readonly password: string;
  readonly proxyPassword: string;
  readonly setCookie: string;
  readonly answer: string;
  readonly user: string;
  readonly fragment: string;
  readonly nested: string;
  readonly handshake: string;
  readonly reason: string;
}

const secret = (place: string): fc.Arbitrary<string> => fc.uuid().map((uuid) => place + uuid.replaceAll("-", ""));
const secrets: fc.Arbitrary<Secrets> = fc.record({
  token: secret("token"),
  cookie: secret("cookie"),
  key: secret("key"),
  parameter: secret("parameter"),
  body: secret("body"),
  password: secret("password"),
  proxyPassword: secret("proxyPassword"),
  setCookie: secret("setCookie"),
  answer: secret("answer"),
  user: secret("user"),
  fragment: secret("fragment"),
  nested: secret("nested"),
  handshake: secret("handshake"),
  reason: secret("reason"),
});

/** Tells its secrets in whatever fields there are for them, and redirects to a URL with some. */
function tellingServer(known: Secrets, scheme: string): ReturnType<typeof scriptedServer> {
  return scriptedServer((socket) => {
    let text = "";
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      if (!text.includes("\r\n\r\n") || (text.startsWith("POST") && !text.includes(known.body))) return;
      const isFirst = text.includes("/first");
      text = "";
      const next = encodeURIComponent(`http://x.example/?session_id=${known.nested}`);
      socket.write(
        [
          isFirst ? "HTTP/1.1 302 Found" : "HTTP/1.1 401 Unauthorized",
          `Set-Cookie: sid=${known.setCookie}; Path=/; HttpOnly`,
          `WWW-Authenticate: ${scheme} ${known.handshake}`,
          `Authentication-Info: nextnonce="${known.answer}"`,
          `Location: http://${known.user}:${known.user}@127.0.0.1:1/?code=${known.parameter}&next=${next}#id_token=${known.fragment}`,
          `Content-Length: ${String(known.answer.length)}`,
          "",
          known.answer,
        ].join("\r\n"),
      );
    });
  });
}

/** Makes requests with the secrets, and gives back everything that anybody is shown of them. */
async function shown(known: Secrets, scheme: string): Promise<string> {
  const told: unknown[] = [];
  const note = (message: unknown): void => {
    told.push(message);
  };
  const subscribers = { start: note, end: note, asyncStart: note, asyncEnd: note, error: note };
  const requests = tracingChannel("fairlead:request");
  requests.subscribe(subscribers);
  subscribe("fairlead:hop", note);
  subscribe("fairlead:connection", note);
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  await using server = await tellingServer(known, scheme);
  await using manager = await openNetworkAccessManager({
    onAuthenticate: ({ tried }) =>
      tried.length > 0 ? { type: "none" } : { type: "password", username: "me", password: known.password },
    authentication: { dangerous: { sendSecretsInTheClear: true } },
  });
  try {
    instrument(manager, { tracerProvider });
    using recording = await manager.recordHar();
    const headers = {
      Authorization: `Bearer ${known.token}`,
      Cookie: `a=${known.cookie}`,
      "X-Api-Key": known.key,
      Referer: `http://a.example/?token=${known.parameter}`,
    };
    const first = await manager.request(`${server.origin}/first?access_token=${known.parameter}`, {
      ...{ method: "POST", body: known.body, headers, redirect: { type: "manual" } },
    });
    await first.bytes();
    const second = await manager.request(`${server.origin}/second?X-Amz-Signature=${known.parameter}`);
    await second.bytes();
    // The jar sends the server's cookie back.
    await (await manager.request(`${server.origin}/third`)).bytes();
    const proxy = `http://me:${known.proxyPassword}@127.0.0.1:1`;
    await assert.rejects(manager.request("http://a.example/", { proxy }));
    const controller = new AbortController();
    const waiting = manager.request(`${server.origin}/fourth?password=${known.parameter}`, {
      signal: controller.signal,
    });
    controller.abort(new Error(known.reason));
    await assert.rejects(waiting);
    const creator = { name: "a", version: "1" };
    return [
      JSON.stringify(recording),
      JSON.stringify(toHar([first.transaction, second.transaction], { creator })),
      ...exporter
        .getFinishedSpans()
        .map(({ name, attributes, events, status }) => JSON.stringify({ name, attributes, events, status })),
      JSON.stringify(manager.counters()),
      prometheusText(manager.counters()),
      ...told.map(written),
    ].join("\n");
  } finally {
    requests.unsubscribe(subscribers);
    unsubscribe("fairlead:hop", note);
    unsubscribe("fairlead:connection", note);
  }
}

/** All that a message tells, its getters too, and what a program would log of it. */
function written(message: unknown): string {
  const told = message as Partial<RequestMessage>;
  // What the application aborts with is its own, and handed to it as it is.
  if (told.error !== undefined && !isCodedError(told.error)) return String(told.url);
  const { prototype } = told.constructor as unknown as { prototype: object };
  const names = [...Object.keys(told), ...Object.getOwnPropertyNames(prototype)];
  const facts = names.map((name) => [name, Reflect.get(told, name) as unknown]);
  return inspect(Object.fromEntries(facts), { depth: 10 }) + inspect(message, { depth: 10 });
}

test("no secret is in anything that is shown, wherever it was", async () => {
  await fc.assert(
    fc.asyncProperty(
      secrets,
      fc.constantFrom("Negotiate", "NTLM", "Basic realm=r, Negotiate"),
      async (known, scheme) => {
        const all = await shown(known, scheme);
        for (const [name, value] of Object.entries(known) as [string, string][]) {
          const forms = [value, Buffer.from(`me:${value}`).toString("base64"), encodeURIComponent(value)];
          for (const form of forms) {
            const at = all.indexOf(form);
            assert.equal(at, -1, `${name} is shown: ${all.slice(Math.max(0, at - 100), at + 20)}`);
          }
        }
        // The places where they were are there, or nothing would have been tested.
        for (const place of [
          "access_token=REDACTED",
          "sid=REDACTED",
          "Bearer REDACTED",
          "REDACTED:REDACTED@",
          "/fourth",
        ]) {
          assert.ok(all.includes(place), place);
        }
      },
    ),
    { numRuns: 10 },
  );
});
