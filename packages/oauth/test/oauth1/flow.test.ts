import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { AuthenticationError, UsageError, type AuthenticationErrorCode } from "@fairlead/core";
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  accessToken,
  authorizationUrl,
  oauth1Authenticator,
  readCallback,
  requestToken,
  type OAuth1Service,
} from "../../src/oauth1/index.ts";
import { consumer, startService, type TestService } from "./service.ts";

let server: TestService;
let manager: NetworkAccessManager;

before(async () => {
  server = await startService();
  manager = await openNetworkAccessManager();
});

after(async () => {
  await manager.close();
  await server[Symbol.asyncDispose]();
});

function service(more: Partial<OAuth1Service> = {}): OAuth1Service {
  return {
    manager,
    ...consumer,
    requestTokenUrl: `${server.origin}/initiate`,
    authorizationUrl: `${server.origin}/authorize?lang=en`,
    accessTokenUrl: `${server.origin}/token`,
    ...more,
  };
}

/** Has the user say yes. */
async function authorize(url: URL): Promise<URL> {
  const reply = await manager.request(url, { redirect: { type: "manual" } });
  return new URL(String(reply.headers["location"]));
}

const isError =
  (code: AuthenticationErrorCode) =>
  (error: unknown): boolean =>
    error instanceof AuthenticationError && error.code === code;

describe("the three legs of OAuth 1 (RFC 5849 section 2)", () => {
  it("end in a token by a callback, and what it signs is believed", async () => {
    const asked = service();
    const temporary = await requestToken(asked, { callback: "http://127.0.0.1:1/back?of=mine" });
    const url = authorizationUrl(asked, temporary);
    assert.equal(url.search, `?lang=en&oauth_token=${temporary.token.replace(" ", "+")}`);
    const back = await authorize(url);
    assert.equal(back.searchParams.get("of"), "mine");
    const { token, tokenSecret, parameters } = await accessToken(asked, temporary, readCallback(back, temporary));
    assert.deepEqual(parameters, { screen_name: "Ada Lövelace" });

    const authenticator = oauth1Authenticator({ ...consumer, token, tokenSecret, origins: [server.origin] });
    const reply = await manager.request(`${server.origin}/photos?file=a%20b`, { authenticator });
    assert.equal(await reply.text(), `GET /photos as ${token}: `);
  });

  it("end in a token by what the user types in", async () => {
    const asked = service({ method: "HMAC-SHA256" });
    const temporary = await requestToken(asked);
    const reply = await manager.request(authorizationUrl(asked, temporary));
    const { token } = await accessToken(asked, temporary, ` ${await reply.text()}\n`);
    assert.match(token, /^token /);
  });

  it("refuse a verifier that is guessed, and temporary credentials that were used", async () => {
    const asked = service();
    const temporary = await requestToken(asked);
    const verifier = await (await manager.request(authorizationUrl(asked, temporary))).text();
    await assert.rejects(accessToken(asked, temporary, "guess"), isError("OAUTH_REFUSED"));
    await accessToken(asked, temporary, verifier);
    await assert.rejects(accessToken(asked, temporary, verifier), isError("OAUTH_REFUSED"));
  });

  it("refuse a service that has not understood the callback, and answers that hold no credentials", async () => {
    const table = [
      "oauth_token=a&oauth_token_secret=b",
      "oauth_token=a&oauth_token_secret=b&oauth_callback_confirmed=false",
      "oauth_token=a&oauth_token=c&oauth_token_secret=b&oauth_callback_confirmed=true",
      "oauth_token=&oauth_token_secret=b&oauth_callback_confirmed=true",
      "oauth_token=a&oauth_callback_confirmed=true",
      "oauth_token=%FF&oauth_token_secret=b&oauth_callback_confirmed=true",
      '{"oauth_token":"a"}',
      "",
      `oauth_token=a&oauth_token_secret=b&oauth_callback_confirmed=true&x=${"x".repeat(70_000)}`,
    ];
    for (const lie of table) {
      server.lies.initiate = lie;
      await assert.rejects(requestToken(service()), isError("OAUTH_RESPONSE_INVALID"), lie.slice(0, 80));
    }
    delete server.lies.initiate;
  });

  it("tell a refusal from a service that is not there", async () => {
    const elsewhere = { requestTokenUrl: `${server.origin}/authorize` };
    await assert.rejects(requestToken(service({ consumerSecret: "guess" })), isError("OAUTH_REFUSED"));
    await assert.rejects(requestToken(service(elsewhere)), isError("OAUTH_REFUSED"));
    await assert.rejects(
      requestToken(service({ requestTokenUrl: `${server.origin}/elsewhere` })),
      isError("OAUTH_RESPONSE_INVALID"),
    );
    await assert.rejects(requestToken(service(), { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  });

  it("ask over https, but on this machine, and PLAINTEXT nowhere else", async () => {
    const table: readonly Partial<OAuth1Service>[] = [
      { requestTokenUrl: "http://photos.example/initiate" },
      { requestTokenUrl: "photos.example" },
      { method: "PLAINTEXT" },
      { method: "PLAINTEXT", dangerous: { allowPlainHttp: true } },
    ];
    for (const each of table) await assert.rejects(requestToken(service(each)), UsageError);
    assert.throws(
      () => authorizationUrl(service({ authorizationUrl: "http://photos.example/" }), { token: "a" }),
      UsageError,
    );
  });

  it("take what the browser brings only where it belongs to the question", () => {
    const read = (query: string): string => readCallback(new URL(`http://127.0.0.1/?${query}`), { token: "mine" });
    assert.equal(read("oauth_verifier=v&oauth_token=mine"), "v");
    const table = [
      ["oauth_token=other&oauth_verifier=v", "OAUTH_STATE_MISMATCH"],
      ["oauth_token=mine&oauth_token=other&oauth_verifier=v", "OAUTH_STATE_MISMATCH"],
      ["oauth_verifier=v", "OAUTH_STATE_MISMATCH"],
      ["denied=other", "OAUTH_STATE_MISMATCH"],
      ["denied=mine", "OAUTH_REFUSED"],
      ["oauth_token=mine", "OAUTH_REFUSED"],
      ["oauth_token=mine&oauth_verifier=", "OAUTH_REFUSED"],
      ["oauth_token=mine&oauth_verifier=a&oauth_verifier=b", "OAUTH_REFUSED"],
    ] as const;
    for (const [query, code] of table) assert.throws(() => read(query), isError(code), query);
  });
});

describe("a request of the manager that is signed by OAuth 1", () => {
  it("has its form signed, and is signed anew for each hop", async () => {
    const authenticator = oauth1Authenticator({ ...consumer, origins: [server.origin] });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = "status=Ladies+%26+Gentlemen%21&c2";
    const reply = await manager.request(`${server.origin}/elsewhere?a=b`, {
      method: "POST",
      headers,
      body,
      authenticator,
    });
    assert.equal(await reply.text(), `POST /photos as nobody: ${body}`);
    assert.equal(reply.transaction.hops.length, 2);
  });

  it("is sent again by the server's clock where ours is wrong, once", async () => {
    const authenticator = oauth1Authenticator({ ...consumer, origins: [server.origin] });
    server.log.length = 0;
    server.skewMilliseconds = 3_600_000;
    for (let count = 0; count < 2; count += 1) {
      const reply = await manager.request(`${server.origin}/photos`, { authenticator, cache: "no-store" });
      assert.equal(reply.status, 200);
      reply.discard();
    }
    server.skewMilliseconds = 0;
    assert.deepEqual(server.log, ["timestamp_refused", "GET /photos as nobody: ", "GET /photos as nobody: "]);
  });

  it("is not sent again where the secret is wrong", async () => {
    const authenticator = oauth1Authenticator({ ...consumer, consumerSecret: "guess", origins: [server.origin] });
    server.log.length = 0;
    const reply = await manager.request(`${server.origin}/photos`, { authenticator });
    assert.equal(reply.status, 401);
    assert.deepEqual(server.log, ["signature_invalid"]);
  });
});
