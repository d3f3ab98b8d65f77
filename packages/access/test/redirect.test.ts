import {
  transactionOf,
  type NetworkAccessManagerOptions,
  type RedirectQuestion,
  type RequestBody,
} from "@fairlead/access";
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";

const fixture = networkFixture();
const { either, open } = fixture;

interface Outcome {
  readonly status?: number;
  readonly url?: string;
  readonly code?: string;
  readonly message?: string;
  readonly hops: readonly (readonly [number | undefined, string])[];
}

/** Makes the same request by both ways, and checks that they agree but for the fragment, which fetch never shows. */
async function bothWays(
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
  options: NetworkAccessManagerOptions = {},
): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (const way of ["request", "fetch"] as const) {
    await using manager = await open(options);
    try {
      const response = await manager[way](url, init);
      await response.text();
      const hops = transactionOf(response)?.hops.map(({ status, reason }) => [status, reason] as const) ?? [];
      outcomes.push({ status: response.status, url: response.url, hops });
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      outcomes.push({ code, message, hops: [] });
    }
  }
  const [byRequest, byFetch] = outcomes as [Outcome, Outcome];
  assert.deepEqual(byFetch, { ...byRequest, ...(byRequest.url && { url: byRequest.url.replace(/#.*/, "") }) });
  return byRequest;
}

const origin = (): string => fixture.network.https.origin;

describe("following", () => {
  for (const [status, method, next] of [
    [301, "POST", "GET"],
    [302, "POST", "GET"],
    [303, "POST", "GET"],
    [303, "PUT", "GET"],
    [307, "POST", "POST"],
    [308, "PUT", "PUT"],
    [301, "PUT", "PUT"],
  ] as const) {
    test(`RFC 9110 15.4: ${String(status)} turns ${method} into ${next}`, async () => {
      const headers = { "content-type": "text/plain", "content-language": "en", accept: "text/x" };
      const init = { method, body: "the body", headers };
      fixture.network.clearRequests();
      const outcome = await bothWays(`${origin()}/redirect/${String(status)}/same-origin`, init);
      assert.equal(outcome.status, 200);
      assert.deepEqual(outcome.hops, [
        [status, "redirect"],
        [200, "network"],
      ]);
      const seen = fixture.network.requests.filter(({ target }) => target.startsWith("/echo"));
      assert.equal(seen.length, 2);
      for (const request of seen) {
        assert.equal(request.method, next);
        assert.equal(request.body.sizeBytes, next === "GET" ? 0 : 8);
        assert.equal(request.headers["content-type"], next === "GET" ? undefined : "text/plain");
        assert.equal(request.headers["content-language"], next === "GET" ? undefined : "en");
        assert.equal(request.headers["accept"], "text/x");
      }
    });
  }

  test("RFC 9110 15.4.4: 303 keeps HEAD", async () => {
    await bothWays(`${origin()}/redirect/303/same-origin`, { method: "HEAD" });
    assert.equal(fixture.network.requests.at(-1)?.method, "HEAD");
  });

  test("a chain of 20 is followed, one of 21 is not", async () => {
    assert.equal((await bothWays(`${origin()}/redirect/chain/20`)).hops.length, 21);
    assert.equal((await bothWays(`${origin()}/redirect/chain/21`)).code, "REDIRECT_LIMIT");
  });

  test("a loop is stopped and named", async () => {
    const { code, message } = await bothWays(`${origin()}/redirect/loop/3`);
    assert.equal(code, "REDIRECT_LOOP");
    assert.match(message ?? "", /\/redirect\/loop\/.* → .* → /);
  });

  test("RFC 9110 10.2.2: the fragment is inherited, or replaced", async () => {
    assert.equal((await bothWays(`${origin()}/redirect/302/same-origin#here`)).url, `${origin()}/echo#here`);
    assert.match((await bothWays(`${origin()}/location/fragment#here`)).url ?? "", /#(?!here)/);
  });

  test("a redirect without Location is the response", async () => {
    assert.equal((await bothWays(`${origin()}/location/missing`)).status, 302);
  });

  for (const kind of ["unparsable", "bad-port", "user-info"]) {
    test(`a Location that is ${kind} is refused by name`, async () => {
      assert.equal((await bothWays(`${origin()}/location/${kind}`)).code, "REDIRECT_LOCATION_INVALID");
    });
  }
  for (const kind of ["javascript", "data", "file", "ftp"]) {
    test(`a Location of scheme ${kind} is refused by name`, async () => {
      assert.equal((await bothWays(`${origin()}/location/${kind}`)).code, "REDIRECT_SCHEME_REFUSED");
    });
  }
  for (const kind of [
    "relative",
    "query-only",
    "scheme-relative",
    "upper-case",
    "utf8",
    "space",
    "backslash",
    "empty",
  ]) {
    test(`a Location that is ${kind} is resolved as browsers do`, async () => {
      const { code, status } = await bothWays(`${origin()}/location/${kind}`);
      if (kind === "empty") assert.equal(code, "REDIRECT_LOOP");
      else assert.notEqual(status, undefined, code);
    });
  }
});

describe("bodies", () => {
  const replayed: [what: string, body: () => RequestBody][] = [
    ["text", () => "the body"],
    ["bytes", () => Buffer.from("the body")],
    ["a function that opens a stream", () => () => Readable.from([Buffer.from("the body")])],
  ];
  for (const [what, body] of replayed) {
    test(`a body that is ${what} is sent again after 307`, async () => {
      await using manager = await open();
      const reply = await manager.request(`${origin()}/redirect/307/same-origin`, { method: "POST", body: body() });
      await reply.bytes();
      assert.equal(reply.status, 200);
      assert.equal(fixture.network.requests.at(-1)?.body.sizeBytes, 8);
    });
  }

  test("a stream cannot be sent again: the error says what to do", async () => {
    await using manager = await open();
    const url = `${origin()}/redirect/307/same-origin`;
    const stream = (): Readable => Readable.from([Buffer.from("the body")]);
    const expected = { code: "REDIRECT_BODY_NOT_REPLAYABLE", remedy: /function/ };
    await assert.rejects(manager.request(url, { method: "POST", body: stream() }), expected);
    const init = { method: "POST", body: Readable.toWeb(stream()), duplex: "half" } as RequestInit;
    await assert.rejects(manager.fetch(url, init), expected);
  });

  test("after 303 nobody asks for a stream again", async () => {
    await using manager = await open();
    const body = Readable.from([Buffer.from("the body")]);
    const reply = await manager.request(`${origin()}/redirect/303/same-origin`, { method: "POST", body });
    assert.equal(reply.status, 200);
    await reply.bytes();
  });
});

describe("what stays behind when the origin changes", () => {
  const headers = {
    Authorization: "Bearer mine",
    "Proxy-Authorization": "Basic mine",
    Cookie: "own=mine",
    "X-Api-Key": "mine",
    Accept: "text/x",
  };
  const names = ["authorization", "proxy-authorization", "cookie", "x-api-key", "accept"];
  const sent = (): string[] => names.filter((name) => fixture.network.requests.at(-1)?.headers[name] !== undefined);
  const options = { originBoundFields: ["X-API-Key"] };

  test("nothing within the origin", async () => {
    await bothWays(`${origin()}/redirect/302/same-origin`, { headers }, options);
    assert.deepEqual(sent(), names);
  });

  for (const where of ["same-site", "cross-site"]) {
    test(`credentials and the user's own list, when it is ${where}`, async () => {
      const start = fixture.network.origin("https", "a.fairlead.test");
      const outcome = await bothWays(`${start}/redirect/302/${where}`, { headers }, options);
      assert.equal(outcome.status, 200);
      assert.notEqual(new URL(outcome.url ?? "").hostname, "a.fairlead.test");
      assert.deepEqual(sent(), ["accept"]);
    });
  }

  test("they do not come back when a later redirect returns", async () => {
    const a = fixture.network.origin("https", "a.fairlead.test");
    const b = fixture.network.origin("https", "b.fairlead.test");
    const back = `${b}/redirect/302?to=${encodeURIComponent(`${a}/echo`)}`;
    const outcome = await bothWays(`${a}/redirect/302?to=${encodeURIComponent(back)}`, { headers }, options);
    assert.equal(outcome.url, `${a}/echo`);
    assert.deepEqual(sent(), ["accept"]);
  });

  test("a Host field of the application's own goes nowhere else", async () => {
    const start = fixture.network.origin("https", "a.fairlead.test");
    const next = `${fixture.network.origin("https", "other.test")}/echo`;
    await using manager = await open();
    const reply = await manager.request(`${start}/redirect/302?to=${encodeURIComponent(next)}`, {
      headers: { host: "inner.example" },
    });
    await reply.bytes();
    assert.equal(fixture.network.requests.at(-1)?.headers["host"], new URL(reply.url).host);
  });
});

describe("policies", () => {
  const to = (target: string): string =>
    `${fixture.network.origin("https", "a.fairlead.test")}/redirect/302?to=${encodeURIComponent(target)}`;

  test("from https to http is refused, unless HSTS makes it https", async () => {
    const { code, message } = await bothWays(`${origin()}/redirect/302/http`);
    assert.equal(code, "REDIRECT_LESS_SAFE");
    assert.match(message ?? "", /from https:.* to http:/);

    await using manager = await open();
    await (await manager.request(`${either("https")}/hsts/good/year`)).bytes();
    const reply = await manager.request(to(`${either("http")}/json`));
    await reply.bytes();
    assert.deepEqual(
      reply.transaction.hops.map(({ status, reason }) => [status, reason]),
      [
        [302, "redirect"],
        [307, "hsts"],
        [200, "network"],
      ],
    );
    const response = await manager.fetch(to(`${either("http")}/json`));
    assert.equal(response.status, 200);
    await response.bytes();
  });

  test("manual hands the redirect out", async () => {
    const outcome = await bothWays(`${origin()}/redirect/302/http`, {}, { redirect: { type: "manual" } });
    assert.deepEqual(outcome.hops, [[302, "network"]]);
  });

  test("same-origin, same-site and trusted refuse by name", async () => {
    const b = `${fixture.network.origin("https", "b.fairlead.test")}/json`;
    const other = `${fixture.network.origin("https", "other.test")}/json`;
    const cases: [NetworkAccessManagerOptions["redirect"], string, string | undefined][] = [
      [{ type: "same-origin" }, to("/json"), undefined],
      [{ type: "same-origin" }, to(b), "REDIRECT_CROSS_ORIGIN"],
      [{ type: "same-site" }, to(b), undefined],
      [{ type: "same-site" }, to(other), "REDIRECT_CROSS_SITE"],
      [{ type: "trusted", from: [], to: ["other.test"] }, to(other), undefined],
      [{ type: "trusted", from: ["fairlead.test"], to: [] }, to(other), undefined],
      [{ type: "trusted", from: ["other.test"], to: ["fairlead.test"] }, to(other), "REDIRECT_NOT_LISTED"],
    ];
    for (const [redirect, url, code] of cases) {
      const outcome = await bothWays(url, {}, redirect && { redirect });
      assert.equal(outcome.code, code, JSON.stringify([redirect, url]));
    }
  });

  test("ask puts each hop to the application, and waits", async () => {
    const questions: RedirectQuestion[] = [];
    const outcome = await bothWays(
      `${origin()}/redirect/chain/2`,
      {},
      {
        redirect: { type: "ask" },
        onRedirect: async (question) => {
          await new Promise((resolve) => setImmediate(resolve));
          questions.push(question);
          return true;
        },
      },
    );
    assert.equal(outcome.status, 200);
    assert.deepEqual(
      questions.map(({ to: next }) => next.pathname),
      ["/redirect/chain/1", "/redirect/chain/0", "/redirect/chain/1", "/redirect/chain/0"],
    );
  });

  test("ask may refuse, fail, or not be answered at all", async () => {
    const ask = { type: "ask" } as const;
    const url = `${origin()}/redirect/302/http`;
    const seen: boolean[] = [];
    const onRedirect = ({ isLessSafe }: RedirectQuestion): boolean => {
      seen.push(isLessSafe);
      return false;
    };
    assert.equal((await bothWays(url, {}, { redirect: ask, onRedirect })).code, "REDIRECT_REFUSED");
    assert.deepEqual(seen, [true, true]);
    assert.equal((await bothWays(url, {}, { redirect: ask })).code, "REDIRECT_REFUSED");
    await using manager = await open({
      redirect: ask,
      onRedirect: () => {
        throw new RangeError("the application's own");
      },
    });
    await assert.rejects(manager.request(url), { name: "RangeError", message: "the application's own" });
    await assert.rejects(manager.fetch(url), (error: Error) => error.cause instanceof RangeError);
  });

  test("one request may have a policy of its own", async () => {
    await using manager = await open();
    const reply = await manager.request(`${origin()}/redirect/302/http`, { redirect: { type: "manual" } });
    assert.equal(reply.status, 302);
    await reply.bytes();
    const response = await manager.fetch(`${origin()}/redirect/302/http`, { redirect: "manual" });
    assert.equal(response.status, 302);
    await response.bytes();
    await assert.rejects(manager.fetch(`${origin()}/redirect/302/same-origin`, { redirect: "error" }), TypeError);
  });
});
