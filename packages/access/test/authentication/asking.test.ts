import {
  openNetworkAccessManager,
  transactionOf,
  type AuthenticationAnswer,
  type NetworkAccessManagerOptions,
} from "@fairlead/access";
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { asking, password, statusOf } from "./asking.ts";
import { basicListener, challenge, serve, type AuthenticatingServer } from "./authenticating-server.ts";

const inTheClear = { authentication: { dangerous: { sendSecretsInTheClear: true } } } as const;
const open = (options: NetworkAccessManagerOptions): ReturnType<typeof openNetworkAccessManager> =>
  openNetworkAccessManager({ ...inTheClear, ...options });

const one = (): ReturnType<typeof serve> => serve(basicListener(() => ({ realm: "one", user: "me:secret" })));
const right = password("me", "secret");
const wrong = password("me", "guess");
const none = { type: "none" } as const;

/** Resolves when a server was asked as often. */
async function asked(server: AuthenticatingServer, times: number): Promise<void> {
  while (server.requests.length < times) await new Promise((resolve) => setImmediate(resolve));
}

describe("a server that wants to know who the client is", () => {
  test("asks the application, which is told who asks for what", async () => {
    await using server = await one();
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    const reply = await manager.request(`${server.origin}/dir/page?q`, { partition: "https://news.example/today" });
    assert.equal(await reply.text(), "let in");
    const [question] = questions;
    assert.ok(question !== undefined);
    const { challenges, signal, ...facts } = question;
    assert.deepEqual(facts, {
      role: "origin",
      origin: server.origin,
      realm: "one",
      scheme: "basic",
      isPlain: true,
      partition: "https://news.example",
      url: `${server.origin}/dir/page?q`,
      tried: [],
    });
    assert.equal(challenges[0]?.parameters.get("charset"), "UTF-8");
    assert.equal(signal.aborted, false);
    const [hop] = reply.transaction.hops;
    assert.equal(reply.transaction.hops.length, 1);
    assert.deepEqual(hop?.repeats, ["authentication"]);
    assert.deepEqual(hop.authentication, [
      { role: "origin", scheme: "basic", realm: "one", anticipated: false, outcome: "accepted" },
    ]);
    assert.equal(JSON.stringify(reply.transaction.hops).includes("secret"), false);
  });

  test("asks those who fetch, too", async () => {
    await using server = await one();
    await using manager = await open(asking(right));
    const response = await manager.fetch(`${server.origin}/`, {
      method: "POST",
      body: new URLSearchParams({ a: "b" }),
    });
    assert.equal(await response.text(), "let in");
    assert.deepEqual(transactionOf(response)?.hops[0]?.repeats, ["authentication"]);
    await using other = await open(asking(right));
    assert.equal((await other.fetch(`${server.origin}/`, { credentials: "omit" })).status, 401);
  });

  test("gets its 401 taken for the response where nobody is asked", async () => {
    await using server = await one();
    await using silent = await open({});
    assert.equal(await statusOf(silent, server.origin), 401);
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    assert.equal(await statusOf(manager, server.origin, { onAuthenticate: false }), 401);
    assert.equal(questions.length, 0);
  });

  test("gets its 401 taken for the response, whole, where nobody answers", async () => {
    const long = "who are you? ".repeat(30_000);
    await using server = await serve((_, response) => {
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="r"', "X-Kept": "yes" }).end(long);
    });
    await using manager = await open(asking(async () => Promise.resolve(none)));
    for (const ask of [manager.request.bind(manager), manager.fetch.bind(manager)]) {
      const reply = await ask(server.origin);
      assert.equal(reply.status, 401);
      assert.equal(await reply.text(), long);
    }
  });

  test("is answered from memory after that, without being asked, at and below the same folder", async () => {
    await using server = await one();
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    for (const path of ["/dir/a", "/dir/b", "/dir/deep/c"]) {
      assert.equal(await statusOf(manager, server.origin + path), 200);
    }
    assert.equal(server.requests.length, 4);
    // RFC 7617 section 2.2: outside of it the server has to ask, and the application has not.
    assert.equal(await statusOf(manager, `${server.origin}/other`), 200);
    assert.deepEqual(
      server.authorizations().map((field) => field !== undefined),
      [false, true, true, true, false, true],
    );
    assert.equal(questions.length, 1);
  });

  test("asks once for all requests that wait, and others do not wait", async () => {
    await using server = await serve((request, response) => {
      if (request.url === "/free") response.end();
      else basicListener(() => ({ realm: "one", user: "me:secret" }))(request, response);
    });
    const gate = Promise.withResolvers<typeof right>();
    const { onAuthenticate, questions } = asking(() => gate.promise);
    // As many as there are connections: the question must hold none of them.
    await using manager = await open({ onAuthenticate, connectionsPerOrigin: 4 });
    const statuses = Array.from({ length: 12 }, (_, index) => statusOf(manager, `${server.origin}/${String(index)}`));
    await asked(server, 12);
    assert.equal(await statusOf(manager, `${server.origin}/free`), 200);
    gate.resolve(right);
    assert.deepEqual(new Set(await Promise.all(statuses)), new Set([200]));
    assert.equal(questions.length, 1);
  });

  test("asks again when the answer was wrong, and says what was tried", async () => {
    await using server = await one();
    const { onAuthenticate, questions } = asking(wrong, password("you", "guess"), right);
    await using manager = await open({ onAuthenticate });
    const reply = await manager.request(server.origin);
    assert.equal(reply.status, 200);
    await reply.bytes();
    assert.deepEqual(
      questions.map(({ tried }) => tried.map(({ username, scheme, error }) => [username, scheme, error])),
      [
        [],
        [["me", "basic", undefined]],
        [
          ["me", "basic", undefined],
          ["you", "basic", undefined],
        ],
      ],
    );
    assert.deepEqual(
      reply.transaction.hops[0]?.authentication.map(({ outcome }) => outcome),
      ["refused", "refused", "accepted"],
    );
  });

  test("asks once after each wrong answer, however many requests it was for", async () => {
    await using server = await one();
    const { onAuthenticate, questions } = asking(wrong, right);
    await using manager = await open({ onAuthenticate });
    const statuses = await Promise.all(Array.from({ length: 8 }, () => statusOf(manager, server.origin)));
    assert.deepEqual(new Set(statuses), new Set([200]));
    assert.equal(questions.length, 2);
  });

  test("is not told the same wrong thing twice, and asks five times at the most", async () => {
    await using server = await one();
    const stubborn = asking(wrong);
    await using first = await open(stubborn);
    assert.equal(await statusOf(first, server.origin), 401);
    assert.deepEqual([stubborn.questions.length, server.requests.length], [2, 2]);
    const guessing = asking(({ tried }) => password("me", `guess ${String(tried.length)}`));
    await using second = await open(guessing);
    assert.equal(await statusOf(second, server.origin), 401);
    assert.equal(guessing.questions.length, 5);
  });

  test("makes credentials forgotten that it no longer takes", async () => {
    let user = "me:secret";
    await using server = await serve(basicListener(() => ({ realm: "one", user })));
    const { onAuthenticate, questions } = asking(right, password("me", "changed"));
    await using manager = await open({ onAuthenticate });
    assert.equal(await statusOf(manager, server.origin), 200);
    user = "me:changed";
    assert.equal(await statusOf(manager, server.origin), 200);
    assert.deepEqual(
      questions.map(({ tried }) => tried.length),
      [0, 1],
    );
    assert.equal(await statusOf(manager, server.origin), 200);
    manager.forgetCredentials("http://other.example");
    assert.equal(await statusOf(manager, server.origin), 200);
    assert.equal(questions.length, 2);
    manager.forgetCredentials(server.origin);
    assert.equal(await statusOf(manager, server.origin), 200);
    assert.equal(questions.length, 3);
  });

  test("is sent nothing unasked before it has accepted it once", async () => {
    const gate = Promise.withResolvers<undefined>();
    const sent = Promise.withResolvers<undefined>();
    const listener = basicListener(() => ({ realm: "one", user: "me:secret" }));
    await using server = await serve((request, response) => {
      if (request.url === "/first" && request.headers.authorization !== undefined) {
        sent.resolve(undefined);
        void gate.promise.then(() => {
          listener(request, response);
        });
      } else {
        listener(request, response);
      }
    });
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    const first = statusOf(manager, `${server.origin}/first`);
    await sent.promise;
    assert.equal(await statusOf(manager, `${server.origin}/second`), 200);
    assert.deepEqual(
      server.requests.map(({ url, headers }) => [url, headers.authorization !== undefined]),
      [
        ["/first", false],
        ["/first", true],
        ["/second", false],
        ["/second", true],
      ],
    );
    gate.resolve(undefined);
    assert.equal(await first, 200);
    assert.equal(questions.length, 1);
  });

  test("an answer for once is for the requests that wait", async () => {
    await using server = await one();
    const { onAuthenticate, questions } = asking(password("me", "secret", "once"));
    await using manager = await open({ onAuthenticate });
    await Promise.all([statusOf(manager, `${server.origin}/a`), statusOf(manager, `${server.origin}/b`)]);
    assert.equal(questions.length, 1);
    await statusOf(manager, server.origin);
    assert.equal(questions.length, 2);
  });

  test("has a realm for each part of it, and each its own answer", async () => {
    await using server = await serve(
      basicListener((path) =>
        path.startsWith("/in/") ? { realm: "inner", user: "in:1" } : { realm: "outer", user: "out:2" },
      ),
    );
    const { onAuthenticate, questions } = asking(({ realm }) =>
      realm === "inner" ? password("in", "1") : password("out", "2"),
    );
    await using manager = await open({ onAuthenticate });
    for (const path of ["/", "/in/", "/", "/in/", "/in/x"]) {
      assert.equal(await statusOf(manager, server.origin + path), 200);
    }
    assert.deepEqual(
      questions.map(({ realm, tried }) => [realm, tried.length]),
      [
        ["outer", 0],
        ["inner", 0],
      ],
    );
    // The first visit to each costs a challenge.
    assert.equal(server.requests.length, 5 + 2);
  });

  test("sets cookies with its 401 that go with what is sent again", async () => {
    await using server = await serve((request, response) => {
      response.setHeader("Set-Cookie", "seen=yes");
      basicListener(() => ({ realm: "one", user: "me:secret" }))(request, response);
    });
    await using manager = await open(asking(right));
    assert.equal(await statusOf(manager, server.origin), 200);
    assert.deepEqual(
      server.requests.map(({ headers }) => headers.cookie),
      [undefined, "seen=yes"],
    );
  });

  test("ends the request with what the application throws", async () => {
    await using server = await one();
    const enough = new Error("enough");
    await using manager = await open(asking(() => Promise.reject(enough)));
    await assert.rejects(statusOf(manager, server.origin), (error) => error === enough);
  });

  test("is not waited for when the request is aborted, and nobody else is asked in vain", async () => {
    await using server = await one();
    const controller = new AbortController();
    const told = Promise.withResolvers<undefined>();
    await using manager = await open({
      onAuthenticate: ({ signal }) => {
        signal.addEventListener("abort", () => {
          told.resolve(undefined);
        });
        controller.abort(new Error("enough"));
        return new Promise(() => undefined);
      },
    });
    const { signal } = controller;
    await assert.rejects(manager.request(server.origin, { signal }), { message: "enough" });
    await told.promise;
    assert.deepEqual(getEventListeners(signal, "abort"), []);
  });

  test("is not waited for when the manager is destroyed", async () => {
    await using server = await one();
    const question = Promise.withResolvers<undefined>();
    const manager = await open({
      onAuthenticate: () => {
        question.resolve(undefined);
        return new Promise(() => undefined);
      },
    });
    const rejected = assert.rejects(statusOf(manager, server.origin), { code: "MANAGER_CLOSED" });
    await question.promise;
    await manager.destroy();
    await rejected;
  });
});

describe("a request that is sent again", () => {
  for (const [name, body] of [
    ["text", (): string => "content"],
    ["bytes", (): Uint8Array => Buffer.from("content")],
    ["a function", (): (() => Readable) => () => Readable.from([Buffer.from("content")])],
    ["a short stream", (): Readable => Readable.from([Buffer.from("con"), Buffer.from("tent")])],
  ] as const) {
    test(`has its body again: ${name}`, async () => {
      const bodies: string[] = [];
      await using server = await serve(
        basicListener(
          () => ({ realm: "one", user: "me:secret" }),
          (content) => bodies.push(content),
        ),
      );
      await using manager = await open(asking(right));
      assert.equal(await statusOf(manager, server.origin, { method: "POST", body: body() }), 200);
      assert.deepEqual(bodies, ["content", "content"]);
    });
  }

  test("cannot be, when more of a stream was read than is kept; nobody is asked then", async () => {
    await using server = await one();
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    const body = Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(16 * 1024)));
    await assert.rejects(statusOf(manager, server.origin, { method: "POST", body }), {
      name: "PolicyError",
      code: "AUTHENTICATION_BODY_NOT_REPLAYABLE",
    });
    assert.equal(questions.length, 0);
    // Once it is known who the client is, it goes at once.
    assert.equal(await statusOf(manager, server.origin), 200);
    const again = Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(16 * 1024)));
    assert.equal(await statusOf(manager, server.origin, { method: "POST", body: again }), 200);
  });
});

describe("schemes", () => {
  test("the strongest that the answer is for is used, whatever the order and the number of fields", async () => {
    await using server = await serve((request, response) => {
      if (request.headers.authorization !== undefined) response.end("let in");
      else challenge(response, 'Basic realm="a", Bearer realm="b"', 'Digest realm="c", nonce="n", algorithm=SHA-256');
    });
    const used = async (answer: AuthenticationAnswer): Promise<string> => {
      await using manager = await open(asking(answer));
      assert.equal(await statusOf(manager, server.origin), 200);
      return server.authorizations().at(-1)?.split(" ")[0] ?? "";
    };
    assert.equal(await used(right), "Digest");
    assert.equal(await used({ type: "token", token: "abc" }), "Bearer");
    await using refusing = await open({
      ...asking(right),
      authentication: { ...inTheClear.authentication, refuse: ["digest"] },
    });
    assert.equal(await statusOf(refusing, server.origin), 200);
    assert.equal(server.authorizations().at(-1)?.split(" ")[0], "Basic");
  });

  test("Bearer: a token that has expired is asked for anew", async () => {
    let good = "first";
    await using server = await serve((request, response) => {
      if (request.headers.authorization === `Bearer ${good}`) response.end("let in");
      else challenge(response, 'Bearer realm="api", error="invalid_token", scope="read"');
    });
    const { onAuthenticate, questions } = asking(({ tried }) => ({
      type: "token",
      token: tried.length === 0 ? "first" : "second",
    }));
    await using manager = await open({ onAuthenticate });
    for (let index = 0; index < 2; index += 1) assert.equal(await statusOf(manager, `${server.origin}/v1/x`), 200);
    good = "second";
    for (let index = 0; index < 2; index += 1) assert.equal(await statusOf(manager, `${server.origin}/v1/x`), 200);
    assert.deepEqual(
      questions.map(({ tried, challenges }) => [tried.length, challenges[0]?.parameters.get("scope")]),
      [
        [0, "read"],
        [1, "read"],
      ],
    );
    assert.equal(server.requests.length, 2 + 1 + 2 + 1);
  });

  test("an answer that no scheme can carry is the caller's mistake", async () => {
    await using server = await one();
    for (const answer of [
      password("a:b", "c"),
      password("a", "c\r\nX: y"),
      { type: "token", token: "x" },
      { type: "password", username: 1 as unknown as string, password: "" },
    ] as const) {
      await using manager = await open(asking(answer, right));
      await assert.rejects(statusOf(manager, server.origin), { name: "UsageError", code: "OPTION_INVALID" });
      assert.equal(await statusOf(manager, server.origin), 200);
    }
    assert.deepEqual(new Set(server.authorizations()), new Set([undefined, "Basic bWU6c2VjcmV0"]));
  });

  test("whatever else an application without types answers is nobody", async () => {
    await using server = await one();
    for (const answer of [{}, { type: "yes" }]) {
      await using manager = await open(asking(answer as typeof right));
      assert.equal(await statusOf(manager, server.origin), 401);
    }
  });
});
