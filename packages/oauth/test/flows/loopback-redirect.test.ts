import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { isCodedError } from "@fairlead/core";
import { login, openOAuthClient, type OAuthClient } from "@fairlead/oauth";
import { openLoopbackRedirect } from "../../src/flows/loopback-redirect.ts";
import { openBrowser } from "../../src/flows/open-browser.ts";
import fc from "fast-check";
import { code, startLiar, type Liar } from "../fixtures/liar.ts";

let manager: NetworkAccessManager;
let liar: Liar;
let client: OAuthClient;

before(async () => {
  manager = await openNetworkAccessManager();
  liar = await startLiar();
  client = await openOAuthClient({ manager, issuer: liar.issuer, clientId: "tool" });
});

after(async () => {
  await manager.close();
  await liar[Symbol.asyncDispose]();
});

const script = `"><script>alert(document.domain)</script><img src=x onerror=alert(1)>`;

/** What the browser brings: the right answer but for what is said. */
function answerTo(url: URL, said: Readonly<Record<string, string>> = {}): URL {
  const answer = new URL(url.searchParams.get("redirect_uri") ?? "");
  const parameters = { code, state: url.searchParams.get("state") ?? "", iss: liar.issuer, ...said };
  for (const [name, value] of Object.entries(parameters)) answer.searchParams.set(name, value);
  return answer;
}

/** A page holds nothing of what came, and nothing that a browser would run. */
async function assertHarmless(page: Response): Promise<void> {
  const text = await page.text();
  assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
  assert.match(page.headers.get("content-security-policy") ?? "", /^default-src 'none';.*frame-ancestors 'none'/);
  assert.equal(page.headers.get("x-content-type-options"), "nosniff");
  assert.equal(page.headers.get("cache-control"), "no-store");
  assert.equal(page.headers.get("referrer-policy"), "no-referrer");
  assert.doesNotMatch(text, /script|alert|onerror|code-that|state|127\.0\.0\.1/i);
  assert.ok(text.length < 1_000);
}

describe("the page at the redirect address", () => {
  for (const name of ["code", "state", "iss", "error", "error_description", "session_state", script]) {
    test(`shows nothing of what comes as ${name}`, async () => {
      const giving = new AbortController();
      const { promise: brought, resolve } = Promise.withResolvers<Response>();
      const ending = login(client, {
        signal: giving.signal,
        onAuthorizationUrl: (url) => {
          resolve(fetch(answerTo(url, { [name]: script })));
        },
      }).catch((error: unknown) => error);
      await assertHarmless(await brought);
      giving.abort(new Error("enough"));
      await ending;
    });
  }

  test("is there for its path, its method, its address and its state alone, and once", async () => {
    const outcome: unknown[] = [];
    let last: Promise<Response> | undefined;
    const tokens = await login(client, {
      onAuthorizationUrl: async (url) => {
        const right = answerTo(url);
        const elsewhere = new URL(right);
        elsewhere.pathname = "/callback/";
        const asked = async (target: URL, init?: RequestInit): Promise<number> => {
          const page = await fetch(target, init);
          await assertHarmless(page);
          return page.status;
        };
        outcome.push(await asked(elsewhere));
        outcome.push(await asked(right, { method: "POST", body: "" }));
        outcome.push(await statusByName(right, "evil.example"));
        outcome.push(await statusByName(right, `localhost:${right.port}`));
        outcome.push(await asked(answerTo(url, { state: "of-somebody-else" })));
        const twice = answerTo(url);
        twice.searchParams.append("state", "of-somebody-else");
        outcome.push(await asked(twice));
        last = fetch(right);
        await last;
      },
    });
    assert.deepEqual(outcome, [404, 405, 404, 404, 400, 400]);
    assert.equal((await last)?.status, 200);
    assert.equal(tokens.accessToken, client.tokens.current()?.accessToken);
  });

  test("says that it is over to whoever brings the same once more", async () => {
    await using redirect = await openLoopbackRedirect();
    const concluded = redirect.answer("s", () => Promise.resolve("done"));
    assert.equal((await fetch(`${redirect.uri}?state=s`)).status, 200);
    assert.equal(await concluded, "done");
    const again = await fetch(`${redirect.uri}?state=s`);
    assert.equal(again.status, 410);
    await assertHarmless(again);
  });

  test("is nowhere but on this machine, at an address that is a number", async () => {
    await using redirect = await openLoopbackRedirect();
    assert.match(redirect.uri, /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    await using other = await openLoopbackRedirect({ host: "::1", path: "/x" });
    assert.match(other.uri, /^http:\/\/\[::1\]:\d+\/x$/);
  });
});

/** As a page would ask whose name was made to lead here. */
async function statusByName(target: URL, host: string): Promise<number | undefined> {
  const asking = request(target, { headers: { host }, agent: false }).end();
  const [response] = (await once(asking, "response")) as [{ readonly statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

test("whatever is brought to the redirect address, it ends nothing and is shown nowhere", async () => {
  await using redirect = await openLoopbackRedirect();
  const concluded = redirect.answer("the state", (answer) => Promise.resolve(answer.get("code")));
  const { port } = new URL(redirect.uri);
  const targets = fc.oneof(
    fc.webQueryParameters().map((query) => `/callback?${query}`),
    fc.webPath().map((path) => `${path}?state=the+state`),
    fc.string({ unit: "binary-ascii" }).map((text) => `/callback?state=${encodeURIComponent(`the state${text}x`)}`),
  );
  const property = fc.asyncProperty(targets, async (target) => {
    const page = await fetch(`http://127.0.0.1:${port}/${target.replace(/^\/+/, "")}`);
    assert.ok(page.status >= 400 && page.status < 500, target);
    await assertHarmless(page);
  });
  await fc.assert(property, { numRuns: 100 });
  assert.equal((await fetch(`${redirect.uri}?state=the+state&code=c`)).status, 200);
  assert.equal(await concluded, "c");
});

test("a redirect address that is no path is refused before anything listens", async () => {
  for (const path of ["/a?b", "/a#b", "//evil.example/", "/a b", "/a/../b"] as const) {
    await assert.rejects(openLoopbackRedirect({ path }), { code: "OPTION_INVALID" }, path);
  }
});

describe("a login that nobody answers", () => {
  test("is over after its time", async () => {
    await assert.rejects(login(client, { timeout: 20, onAuthorizationUrl: () => undefined }), { code: "TIMED_OUT" });
  });

  test("but by strangers says so", async () => {
    const outcome = login(client, {
      timeout: 500,
      onAuthorizationUrl: async (url) => {
        await fetch(answerTo(url, { state: "of-somebody-else" }));
      },
    });
    await assert.rejects(outcome, { code: "OAUTH_STATE_MISMATCH" });
  });

  test("is given up by the signal, with its reason, and its address is gone", async () => {
    const giving = new AbortController();
    const reason = new Error("enough");
    let address = "";
    const outcome = login(client, {
      signal: giving.signal,
      onAuthorizationUrl: (url) => {
        address = url.searchParams.get("redirect_uri") ?? "";
        giving.abort(reason);
      },
    });
    await assert.rejects(outcome, reason);
    await assert.rejects(fetch(address));
    await assert.rejects(login(client, { signal: AbortSignal.abort(reason) }), reason);
  });

  test("as it cannot be shown fails by what stood in its way", async () => {
    const failure = new Error("no browser");
    await assert.rejects(
      login(client, {
        onAuthorizationUrl: () => {
          throw failure;
        },
      }),
      failure,
    );
  });
});

test("the browser is sent to no address that starts another program", async () => {
  for (const address of [
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://login.example/",
    "ssh://a.example",
    "calc:",
  ]) {
    await assert.rejects(
      openBrowser(new URL(address)),
      (error) => isCodedError(error) && error.code === "OPTION_INVALID",
    );
  }
});
