import assert from "node:assert/strict";
import { once } from "node:events";
import { createSecureServer } from "node:http2";
import { request, type Agent as HttpsAgent } from "node:https";
import type { IncomingMessage } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import type { TlsBackend, TlsTrust } from "@fairlead/tls";
import {
  connectHttp2,
  httpsAgent,
  mqttStream,
  nodemailerSocket,
  undiciConnector,
  type AdapterOptions,
} from "@fairlead/tls/adapters";
import { nodeTls } from "@fairlead/tls/node";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { Aedes } from "aedes";
import { MqttClient } from "mqtt";
import { createTransport } from "nodemailer";
import { SMTPServer } from "smtp-server";
import { Agent, request as undiciRequest } from "undici";

/** Counts what a backend is used for, so that a library cannot go past it. */
function counted(backend: TlsBackend): { readonly backend: TlsBackend; readonly used: () => number } {
  let connections = 0;
  return {
    backend: {
      ...backend,
      connect: (below, options) => {
        connections += 1;
        return backend.connect(below, options);
      },
    },
    used: () => connections,
  };
}

for (const library of [nodeTls, loadOpensslTls(), loadGnutlsTls()]) {
  describe(`over ${library.name}`, () => {
    let network: TestNetwork;
    let identity: MintedIdentity;
    let trust: TlsTrust;
    before(async () => {
      network = await startTestNetwork();
      identity = await mintCertificate({ issuer: network.ca, names: ["localhost"] });
      trust = { type: "anchors", certificates: [network.ca.certificate] };
    });
    after(() => network.close());

    function adapted(): { readonly options: AdapterOptions; readonly used: () => number } {
      const { backend, used } = counted(library);
      return { options: { backend, trust }, used };
    }

    test("https.request keeps connections, posts and times out", async () => {
      const { options, used } = adapted();
      const agent = httpsAgent(options, { keepAlive: true, maxSockets: 1 });
      try {
        for (const round of [1, 2, 3]) {
          const response = await ask(agent, { path: "/echo", body: `round ${String(round)}` });
          assert.equal(response.statusCode, 200);
          assert.match(await text(response), new RegExp(`round ${String(round)}`));
        }
        assert.equal(used(), 1);
      } finally {
        agent.destroy();
      }
      const impatient = httpsAgent(options);
      const waiting = request({ ...address(), path: "/stall/response", agent: impatient, timeout: 50 });
      waiting.on("error", () => undefined);
      waiting.end();
      await once(waiting, "timeout");
      waiting.destroy();
    });

    test("https.request is told why a server is not trusted", async () => {
      const agent = httpsAgent({ backend: library });
      await assert.rejects(ask(agent, { path: "/" }), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
    });

    test("https.request cannot switch verification off behind our back", async () => {
      const { options, used } = adapted();
      const agent = httpsAgent(options);
      for (const weak of [{ rejectUnauthorized: false }, { ca: "x" }, { checkServerIdentity: () => undefined }]) {
        await assert.rejects(ask(agent, { path: "/", ...weak }), { code: "OPTION_INVALID" });
      }
      assert.equal(used(), 0);
    });

    test("http2.connect multiplexes", async () => {
      const server = createSecureServer({ key: identity.privateKey, cert: identity.certificate }, (asked, response) => {
        response.end(asked.url);
      });
      const port = await listening(server);
      const { options, used } = adapted();
      const session = await connectHttp2(`https://localhost:${String(port)}`, options);
      try {
        const bodies = await Promise.all(
          ["/a", "/b", "/c"].map((path) => text(session.request({ ":path": path }).end())),
        );
        assert.deepEqual(bodies, ["/a", "/b", "/c"]);
        assert.equal(used(), 1);
      } finally {
        session.destroy();
        server.close();
      }
    });

    test("undici requests over HTTP/1.1 and HTTP/2", async () => {
      const { options, used } = adapted();
      const dispatcher = new Agent({ connect: undiciConnector(options) });
      try {
        const { statusCode, body } = await undiciRequest(`${origin()}/echo`, {
          dispatcher,
          method: "POST",
          body: "hello",
        });
        assert.equal(statusCode, 200);
        assert.match(await body.text(), /hello/);
      } finally {
        await dispatcher.destroy();
      }
      const server = createSecureServer({ key: identity.privateKey, cert: identity.certificate }, (asked, response) => {
        response.end(asked.httpVersion);
      });
      const port = await listening(server);
      const connect = undiciConnector({ ...options, alpnProtocols: ["h2", "http/1.1"] });
      const multiplexing = new Agent({ allowH2: true, connect });
      try {
        const { body } = await undiciRequest(`https://localhost:${String(port)}/`, { dispatcher: multiplexing });
        assert.equal(await body.text(), "2.0");
        assert.equal(used(), 2);
      } finally {
        await multiplexing.destroy();
        server.close();
      }
    });

    test("undici is told why a server is not trusted", async () => {
      await using dispatcher = closing(new Agent({ connect: undiciConnector({ backend: library }) }));
      await assert.rejects(undiciRequest(origin(), { dispatcher: dispatcher.value }), {
        code: "CERTIFICATE_ISSUER_UNKNOWN",
      });
    });

    for (const secure of [true, false]) {
      test(`nodemailer sends ${secure ? "over TLS from the start" : "by STARTTLS"}`, async () => {
        const mails: string[] = [];
        const server = new SMTPServer({
          secure,
          key: identity.privateKey,
          cert: identity.certificate,
          authOptional: true,
          logger: false,
          onData: (stream, session, done) => {
            void text(stream).then((mail) => {
              mails.push(`${String(session.secure)} ${mail}`);
              done();
            });
          },
        });
        server.listen(0, "127.0.0.1");
        await once(server.server, "listening");
        const { options, used } = adapted();
        // A server of node:net on TCP.
        const { port } = server.server.address() as AddressInfo;
        const getSocket = nodemailerSocket(options);
        try {
          const transport = createTransport({ host: "localhost", port, secure, getSocket });
          await transport.sendMail({ from: "a@localhost", to: "b@localhost", subject: "s", text: "over any library" });
          transport.close();
          assert.equal(used(), 1);
          assert.match(mails[0] ?? "", /^true [^]*over any library/);
          const weak = createTransport({
            host: "localhost",
            port,
            secure,
            getSocket,
            tls: { rejectUnauthorized: false },
          });
          await assert.rejects(
            weak.sendMail({ from: "a@localhost", to: "b@localhost", text: "" }),
            /rejectUnauthorized/,
          );
          assert.equal(used(), 1);
        } finally {
          server.close();
        }
      });
    }

    test("mqtt publishes, subscribes and connects again", async () => {
      const broker = await Aedes.createBroker();
      const server = createTlsServer({ key: identity.privateKey, cert: identity.certificate }, broker.handle);
      const port = await listening(server);
      const { options, used } = adapted();
      const client = new MqttClient(mqttStream({ host: "localhost", port }, options), { reconnectPeriod: 10 });
      try {
        await emitted(client, "connect");
        client.stream.destroy();
        await emitted(client, "connect");
        assert.equal(used(), 2);
        await client.subscribeAsync("topic");
        const arrived = emitted(client, "message");
        await client.publishAsync("topic", "x".repeat(100_000));
        const [topic, payload] = (await arrived) as [string, Buffer];
        assert.deepEqual([topic, payload.length], ["topic", 100_000]);
      } finally {
        await client.endAsync(true);
        await new Promise<void>((resolve) => {
          broker.close(resolve);
        });
        server.close();
      }
    });

    test("mqtt cannot switch verification off behind our back", async () => {
      const { options, used } = adapted();
      const stream = mqttStream({ host: "localhost", port: 1 }, options);
      const client = new MqttClient(stream, { rejectUnauthorized: false, reconnectPeriod: 0 });
      const [error] = (await emitted(client, "error")) as [{ code: string }];
      assert.equal(error.code, "OPTION_INVALID");
      assert.equal(used(), 0);
      await client.endAsync(true);
    });

    function origin(): string {
      return `https://localhost:${String(network.https.port)}`;
    }

    function address(): { readonly host: string; readonly port: number } {
      return { host: "localhost", port: network.https.port };
    }

    async function ask(
      agent: HttpsAgent,
      { body, ...options }: { readonly path: string; readonly body?: string } & Record<string, unknown>,
    ): Promise<IncomingMessage> {
      const asked = request({ ...address(), agent, method: body === undefined ? "GET" : "POST", ...options });
      asked.end(body);
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      return response;
    }
  });
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server of node:net on TCP.
  return (server.address() as AddressInfo).port;
}

function closing(agent: Agent): AsyncDisposable & { readonly value: Agent } {
  return { value: agent, [Symbol.asyncDispose]: () => agent.destroy() };
}

/** What `once` of node:events does, which mqtt's types do not fit. */
function emitted(client: MqttClient, event: "connect" | "message" | "error"): Promise<unknown[]> {
  return new Promise((resolve) => {
    client.once(event, (...values: unknown[]) => resolve(values));
  });
}
