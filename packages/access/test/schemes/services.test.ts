import {
  openNetworkAccessManager,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
  type SchemeCredentialsQuestion,
  type SchemeHandler,
  type SchemeRequest,
} from "@fairlead/access";
import { PolicyError, TransportError, UsageError } from "@fairlead/core";
import { openStore } from "@fairlead/store";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { asking, password } from "../authentication/asking.ts";
import { rejection } from "../rejection.ts";

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("streams of a scheme", () => {
  const greeter = createServer((socket) => socket.end("hello"));
  const tunnels: string[] = [];
  const proxy = createHttpServer();
  proxy.on("connect", ({ url = "" }, below) => {
    tunnels.push(url);
    const above = connect(Number(url.split(":")[1]), "127.0.0.1", () => {
      below.write("HTTP/1.1 200 OK\r\n\r\n");
      below.pipe(above).pipe(below);
    });
    above.on("error", () => below.destroy());
  });
  let port = 0;
  let proxyPort = 0;
  before(async () => {
    port = await listening(greeter);
    proxyPort = await listening(proxy);
  });
  after(() => {
    greeter.close();
    proxy.close();
    proxy.closeAllConnections();
  });

  const greeting: SchemeHandler = {
    scheme: "greet",
    handle: async ({ url, openStream }) => {
      const stream = await openStream(url.hostname, Number(url.port));
      return { status: 200, headers: {}, body: Buffer.from(await text(stream)) };
    },
    close: () => Promise.resolve(),
  };
  const open = (options: NetworkAccessManagerOptions): Promise<NetworkAccessManager> =>
    openNetworkAccessManager({ lookup: () => [{ address: "127.0.0.1", family: 4 }], ...options, schemes: [greeting] });

  test("go straight, and are told in the transaction", async () => {
    await using manager = await open({ proxy: "none" });
    const reply = await manager.request(`greet://127.0.0.1:${String(port)}/`);
    assert.equal(await reply.text(), "hello");
    const [hop] = reply.transaction.hops;
    assert.deepEqual(hop?.route, []);
    assert.equal(hop.connection?.remoteAddress, "127.0.0.1");
  });

  test("go through a tunnel of the manager's proxy, or of the request's own", async () => {
    const proxyUrl = `http://127.0.0.1:${String(proxyPort)}`;
    const url = `greet://greeter.example:${String(port)}/`;
    for (const [own, options] of [
      [{ proxy: proxyUrl }, {}],
      [{ proxy: "none" }, { proxy: proxyUrl }],
    ] as const) {
      tunnels.length = 0;
      await using manager = await open(own);
      const reply = await manager.request(url, options);
      assert.equal(await reply.text(), "hello");
      assert.deepEqual(tunnels, [`greeter.example:${String(port)}`]);
      assert.deepEqual(reply.transaction.hops[0]?.route, [proxyUrl]);
    }
  });

  test("take the next route where one leads nowhere, and name what the last failed with", async () => {
    const closed = createServer();
    const nowhere = await listening(closed);
    closed.close();
    await once(closed, "close");
    const pacScript = `function FindProxyForURL() { return "PROXY 127.0.0.1:${String(nowhere)}; DIRECT"; }`;
    await using manager = await open({ proxy: { pacScript } });
    const reply = await manager.request(`greet://127.0.0.1:${String(port)}/`);
    assert.equal(await reply.text(), "hello");
    await using direct = await open({ proxy: "none" });
    const error = await rejection(direct.request(`greet://127.0.0.1:${String(nowhere)}/`), TransportError);
    assert.equal(error.code, "CONNECTION_REFUSED");
    assert.equal(error.peer, `127.0.0.1:${String(nowhere)}`);
  });
});

describe("authentication of a scheme", () => {
  const RIGHT = "open sesame";
  /** Asks until it hears the right password, then says who came. */
  function vault(overrides: Partial<SchemeCredentialsQuestion> = {}): SchemeHandler {
    return {
      scheme: "vault",
      handle: async ({ url, authenticate }) => {
        const origin = `vault://${url.host}`;
        const username = url.username === "" ? undefined : url.username;
        for (let round = 0; ; round += 1) {
          const found = await authenticate({ origin, scheme: "password", realm: "", username, round, ...overrides });
          if (found === undefined) return { status: 403, headers: {}, body: undefined };
          if (found.password === RIGHT) return { status: 200, headers: {}, body: Buffer.from(found.username) };
        }
      },
      close: () => Promise.resolve(),
    };
  }
  const open = (options: NetworkAccessManagerOptions, handler = vault()): Promise<NetworkAccessManager> =>
    openNetworkAccessManager({ ...options, schemes: [handler] });

  test("asks the application, with what was tried, and remembers the answer for this server alone", async () => {
    const { onAuthenticate, questions } = asking(password("me", "wrong"), password("me", RIGHT));
    await using manager = await open({ onAuthenticate });
    const reply = await manager.request("vault://one:22/gold");
    assert.equal(await reply.text(), "me");
    assert.deepEqual(
      questions.map(({ origin, scheme, role, tried, url }) => [origin, scheme, role, tried.length, url]),
      [
        ["vault://one:22", "password", "origin", 0, "vault://one:22/gold"],
        ["vault://one:22", "password", "origin", 1, "vault://one:22/gold"],
      ],
    );
    const tries = reply.transaction.hops[0]?.authentication.map(({ scheme, outcome, anticipated }) => [
      scheme,
      outcome,
      anticipated,
    ]);
    assert.deepEqual(tries, [
      ["password", "refused", false],
      ["password", "accepted", false],
    ]);
    assert.doesNotMatch(JSON.stringify(reply.transaction), /sesame|wrong/);

    assert.equal(await (await manager.request("vault://one:22/silver")).text(), "me");
    assert.equal(questions.length, 2, "what was right is remembered");
    await (await manager.request("vault://two:22/")).text();
    await (await manager.request("vault://one:22/", { partition: "https://site.example" })).text();
    await (await manager.request("vault://me@one:22/")).text();
    assert.equal(questions.length, 5, "for this server, partition and user alone");
    manager.forgetCredentials("vault://one:22");
    await (await manager.request("vault://one:22/")).text();
    assert.equal(questions.length, 6);
  });

  test("asks once for all that wait", async () => {
    const { onAuthenticate, questions } = asking(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return password("me", RIGHT);
    });
    await using manager = await open({ onAuthenticate });
    const replies = await Promise.all(["a", "b", "c"].map((path) => manager.request(`vault://one/${path}`)));
    assert.deepEqual(
      replies.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(questions.length, 1);
  });

  test("a second factor is another question, which the password does not answer", async () => {
    const { onAuthenticate, questions } = asking(password("me", RIGHT), password("me", RIGHT));
    await using manager = await open(
      { onAuthenticate },
      {
        ...vault(),
        handle: async ({ authenticate }: SchemeRequest) => {
          const origin = "vault://one";
          await authenticate({ origin, scheme: "password", realm: "", username: "me", round: 0 });
          const code = await authenticate({
            origin,
            scheme: "keyboard-interactive",
            realm: "Code:",
            username: "me",
            round: 0,
          });
          return { status: code === undefined ? 403 : 200, headers: {}, body: undefined };
        },
      },
    );
    await manager.request("vault://one/");
    assert.deepEqual(
      questions.map(({ scheme, realm }) => [scheme, realm]),
      [
        ["password", ""],
        ["keyboard-interactive", "Code:"],
      ],
    );
  });

  test("nobody is asked where nobody is to be, and none is an answer", async () => {
    const { onAuthenticate, questions } = asking({ type: "none" });
    await using manager = await open({ onAuthenticate });
    assert.equal((await manager.request("vault://one/", { onAuthenticate: false })).status, 403);
    assert.equal((await manager.fetch("vault://one/", { credentials: "omit" })).status, 403);
    assert.equal(questions.length, 0);
    assert.equal((await manager.request("vault://one/")).status, 403);
    assert.equal(questions.length, 1);
    await using silent = await open({});
    assert.equal((await silent.request("vault://one/")).status, 403);
  });

  test("the same wrong answer is not given twice, and a server that asks for ever gets no more", async () => {
    const { onAuthenticate, questions } = asking(password("me", "wrong"));
    await using manager = await open({ onAuthenticate });
    assert.equal((await manager.request("vault://one/")).status, 403);
    assert.equal(questions.length, 2);
    let count = 0;
    await using patient = await open({ onAuthenticate: () => password("me", `wrong ${String((count += 1))}`) });
    assert.equal((await patient.request("vault://one/")).status, 403);
    assert.equal(count, 16);
  });

  test("answers that do not fit are the application's mistake", async () => {
    const answers = [{ type: "token", token: "t" } as const, { type: "system" } as const, password("other", RIGHT)];
    for (const answer of answers) {
      await using manager = await open({ onAuthenticate: () => answer });
      const error = await rejection(manager.request("vault://me@one/"), UsageError);
      assert.equal(error.code, "OPTION_INVALID");
      assert.doesNotMatch(String(error.stack), /sesame/);
    }
    await using manager = await open({ onAuthenticate: () => password("", RIGHT) });
    assert.equal(await (await manager.request("vault://me@one/")).text(), "me");
  });

  test("nothing is said where it can be read on the way", async () => {
    const { onAuthenticate, questions } = asking(password("me", RIGHT));
    await using manager = await open({ onAuthenticate }, vault({ isPlain: true }));
    assert.equal((await rejection(manager.request("vault://one/"), PolicyError)).code, "AUTHENTICATION_REFUSED");
    assert.equal(questions.length, 0);
  });

  test("an abort ends the question", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const asked = Promise.withResolvers<AbortSignal>();
    await using manager = await open({
      onAuthenticate: ({ signal }) => {
        asked.resolve(signal);
        return new Promise(() => undefined);
      },
    });
    const answer = manager.request("vault://one/", { signal: controller.signal });
    const signal = await asked.promise;
    controller.abort(reason);
    await assert.rejects(answer, reason);
    assert.ok(signal.aborted);
  });

  test("what is to be stored outlives the manager, once it was right", async () => {
    const { onAuthenticate, questions } = asking(password("me", "wrong", "store"), password("me", RIGHT, "store"));
    await using store = await openStore("memory:");
    {
      await using manager = await open({ onAuthenticate, store });
      assert.equal(await (await manager.request("vault://one/")).text(), "me");
    }
    await using manager = await open({ onAuthenticate, store });
    assert.equal(await (await manager.request("vault://one/")).text(), "me");
    assert.equal(questions.length, 2);
  });
});
