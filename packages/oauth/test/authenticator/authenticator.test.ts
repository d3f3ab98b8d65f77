import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import {
  authenticator,
  openOAuthClient,
  type AuthenticatorOptions,
  type OAuthClient,
  type OAuthClientOptions,
  type TokenSet,
} from "@fairlead/oauth";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { metadataOf, startTokenService, type TokenService } from "../fixtures/token-service.ts";

const first: TokenSet = {
  accessToken: "access-0",
  tokenType: "bearer",
  expiresAt: undefined,
  refreshToken: "refresh-0",
  scope: ["read"],
  claims: undefined,
  idToken: undefined,
};
const authentication = { type: "secret-post", secret: "word" } as const;

interface Scene extends AsyncDisposable {
  readonly service: TokenService;
  readonly manager: NetworkAccessManager;
  readonly client: OAuthClient;
  /** Makes a request as the client, and tells its status. */
  readonly get: (options?: Parameters<NetworkAccessManager["fetch"]>[1]) => Promise<number>;
  tick(milliseconds: number): void;
}

interface SceneOptions {
  readonly tokens?: TokenSet | null;
  readonly isHttp2?: boolean;
}

/** A service, and a client that has its tokens unless it speaks for itself. */
async function scene(
  options: Partial<AuthenticatorOptions> = {},
  { tokens = first, isHttp2 = false, ...own }: Partial<OAuthClientOptions> & SceneOptions = {},
): Promise<Scene> {
  const service = await startTokenService(isHttp2);
  const { anchor } = service;
  const manager = await openNetworkAccessManager(
    anchor === undefined ? {} : { tls: { trust: { type: "anchors", certificates: [anchor] } } },
  );
  const client = await openOAuthClient({
    manager,
    issuer: service.issuer,
    server: metadataOf(service),
    clientId: "tool",
    authentication,
    ...own,
  });
  let ahead = 0;
  if (tokens !== null) await client.tokens.keep(tokens);
  const now = (): number => Date.now() + ahead;
  manager.addAuthenticator(authenticator(client, { origins: [service.api], now, random: () => 0, ...options }));
  return {
    service,
    manager,
    client,
    get: async (init) => {
      const response = await manager.fetch(`${service.api}/items?page=1`, { cache: "no-store", ...init });
      await response.text();
      return response.status;
    },
    tick: (milliseconds) => {
      ahead += milliseconds;
    },
    [Symbol.asyncDispose]: async () => {
      await manager.close();
      await service[Symbol.asyncDispose]();
    },
  };
}

describe("the tokens of a client", () => {
  test("go to its origins with each request, and nowhere else, nor on behalf of a site", async () => {
    await using here = await scene();
    await using other = await startTokenService();
    assert.equal(await here.get(), 200);
    assert.equal(await here.get({ partition: "https://news.example/" }), 401);
    await here.manager.request(`${other.api}/items`);
    assert.deepEqual(here.service.requests, ["Bearer access-0", ""]);
    assert.deepEqual(other.requests, [""]);
    assert.deepEqual(here.service.grants, []);
  });

  for (const isHttp2 of [false, true]) {
    const version = isHttp2 ? "2.0" : "1.1";
    test(`are renewed once for a hundred requests by HTTP/${version} that are refused at once, which are repeated`, async () => {
      for (const dpop of [false, true]) {
        await using here = await scene(
          {},
          { isHttp2, dpop, tokens: { ...first, tokenType: dpop ? "dpop" : "bearer" } },
        );
        here.service.valid.clear();
        const requests = Array.from({ length: 100 }, () => here.get({ method: "POST", body: "x" }));
        assert.deepEqual(new Set(await Promise.all(requests)), new Set([200]));
        assert.deepEqual(here.service.grants, ["refresh_token"]);
        assert.equal(here.client.tokens.current()?.accessToken, "access-1");
        assert.equal(here.client.tokens.current()?.refreshToken, "refresh-1");
        assert.deepEqual([...here.service.versions], [version]);
      }
    });
  }

  test("that were just renewed and are refused again leave the 401 to the application, also to who asks later", async () => {
    await using here = await scene();
    here.service.answer = (_request, response) => response.writeHead(401).end("no");
    const statuses = await Promise.all(Array.from({ length: 10 }, () => here.get()));
    assert.deepEqual(new Set(statuses), new Set([401]));
    assert.equal(await here.get(), 401);
    assert.equal(here.service.grants.length, 1);
    assert.equal(here.service.requests.length, 21);
    here.tick(60_001);
    assert.equal(await here.get(), 401);
    assert.equal(here.service.grants.length, 2);
  });

  test("are renewed while they are used, a while before they expire, and waited for after that", async () => {
    await using here = await scene({}, { tokens: { ...first, expiresAt: Date.now() + 3_600_000 } });
    here.tick(3_500_000);
    assert.equal(await here.get(), 200);
    assert.deepEqual(here.service.grants, []);
    const { promise: hold, resolve: release } = Promise.withResolvers<undefined>();
    here.service.hold = hold;
    here.tick(45_000);
    // Nobody waits for it, and nobody begins another.
    assert.deepEqual([await here.get(), await here.get()], [200, 200]);
    release(undefined);
    await here.client.tokens.renew(first, () => assert.fail("it is under way"));
    assert.deepEqual(here.service.grants, ["refresh_token"]);
    assert.equal(await here.get(), 200);
    here.tick(3_700_000);
    assert.deepEqual(await Promise.all([here.get(), here.get()]), [200, 200]);
    assert.deepEqual(here.service.requests.slice(-2), ["Bearer access-2", "Bearer access-2"]);
    assert.equal(here.service.grants.length, 2);
  });

  test("are renewed to the end although who waited has left, by a signal or a deadline", async () => {
    await using here = await scene();
    here.service.valid.clear();
    const { promise: hold, resolve: release } = Promise.withResolvers<undefined>();
    here.service.hold = hold;
    const controller = new AbortController();
    const left = here.get({ signal: controller.signal });
    const late = here.get({ timeouts: { total: 50 } });
    const stays = here.get();
    await assert.rejects(late, /deadline passed/);
    controller.abort(new Error("enough"));
    await assert.rejects(left, /enough/);
    release(undefined);
    assert.equal(await stays, 200);
    assert.deepEqual(here.service.grants, ["refresh_token"]);
  });

  test("that cannot be renewed any more end requests with OAUTH_LOGIN_REQUIRED, and are forgotten", async () => {
    await using here = await scene();
    here.service.valid.clear();
    here.service.refreshToken = "another";
    const failures = await Promise.allSettled([here.get(), here.get()]);
    for (const failure of failures) {
      assert.ok(failure.status === "rejected");
      assert.equal((failure.reason as { code?: string }).code, "OAUTH_LOGIN_REQUIRED");
      assert.equal(JSON.stringify(failure.reason).includes("refresh-0"), false);
    }
    assert.equal(here.client.tokens.current(), undefined);
    await assert.rejects(here.get(), { code: "OAUTH_LOGIN_REQUIRED" });
    assert.deepEqual(here.service.grants, ["refresh_token"]);
  });

  test("have the user sign in anew, once for all who wait, where the application knows how", async () => {
    let logins = 0;
    await using here = await scene({
      onLogin: (_client, { signal }) => {
        logins += 1;
        assert.equal(signal.aborted, false);
        here.service.valid.add("signed-in");
        return { ...first, accessToken: "signed-in", refreshToken: undefined };
      },
    });
    here.service.valid.clear();
    here.service.refusal = { status: 400, error: "invalid_grant" };
    assert.deepEqual(new Set(await Promise.all(Array.from({ length: 20 }, () => here.get()))), new Set([200]));
    assert.equal(logins, 1);
    assert.equal(here.client.tokens.current()?.accessToken, "signed-in");
    await here.client.tokens.forget();
    assert.equal(await here.get(), 200);
    assert.equal(logins, 2);
  });

  test("are not asked for any longer where nobody waits", async () => {
    const { promise: asked, resolve } = Promise.withResolvers<AbortSignal>();
    await using here = await scene(
      {
        onLogin: (_client, { signal }) => {
          resolve(signal);
          return new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              reject(signal.reason as Error);
            });
          });
        },
      },
      { tokens: null },
    );
    const controllers = [new AbortController(), new AbortController()];
    const requests = controllers.map(({ signal }) => assert.rejects(here.get({ signal }), /enough/));
    const signal = await asked;
    controllers[0]?.abort(new Error("enough"));
    assert.equal(signal.aborted, false);
    controllers[1]?.abort(new Error("enough"));
    assert.equal(signal.aborted, true);
    await Promise.all(requests);
  });

  test("stay where the authorization server is away for a moment: that is an error, and the next request tries again", async () => {
    await using here = await scene();
    here.service.valid.clear();
    here.service.refusal = { status: 503, error: "away" };
    await assert.rejects(here.get(), { code: "OAUTH_UNAVAILABLE" });
    here.service.refusal = undefined;
    assert.equal(await here.get(), 200);
  });

  test("of a client that speaks for itself are got by itself", async () => {
    await using here = await scene({ speaksFor: "client" }, { tokens: null });
    assert.deepEqual(new Set(await Promise.all(Array.from({ length: 20 }, () => here.get()))), new Set([200]));
    here.service.valid.clear();
    const before = here.client.tokens.identity;
    assert.equal(await here.get(), 200);
    assert.equal(here.client.tokens.identity, before);
    assert.deepEqual(here.service.grants, ["client_credentials", "client_credentials"]);
  });

  test("that allow too little are told of, and the request is repeated where the application has done something", async () => {
    const told: unknown[] = [];
    let has = false;
    await using here = await scene({
      onInsufficientScope: ({ url, scope, granted, error }) => {
        told.push([url.pathname, scope, granted, error]);
        return has;
      },
    });
    let count = 0;
    here.service.answer = (_request, response) => {
      count += 1;
      if (count === 3) response.end();
      else
        response.writeHead(403, { "www-authenticate": 'Bearer error="insufficient_scope", scope="write admin"' }).end();
    };
    assert.equal(await here.get(), 403);
    has = true;
    assert.equal(await here.get(), 200);
    const each = ["/items", ["write", "admin"], ["read"], "insufficient_scope"];
    assert.deepEqual(told, [each, each]);
    assert.deepEqual(here.service.grants, []);
  });

  test("are never sent by a request that fetches them, whatever is covered", async () => {
    await using here = await scene();
    const { issuer } = here.service;
    const own = authenticator(here.client, { origins: [issuer] });
    assert.equal(own.covers(new URL(`${issuer}/token?x`)), false);
    assert.equal(own.covers(new URL(`${issuer}/userinfo`)), true);
  });

  test("go to origins, not to paths or anything else", async () => {
    await using here = await scene();
    for (const origin of ["https://api.example/v1", "api.example", "ftp://api.example", "https://a@api.example"]) {
      assert.throws(() => authenticator(here.client, { origins: [origin] }), { code: "OPTION_INVALID" }, origin);
    }
  });

  test("of another who signs in get nothing from the cache that came for the first", async () => {
    await using here = await scene();
    let count = 0;
    here.service.answer = (_request, response) => {
      count += 1;
      response.writeHead(200, { "cache-control": "max-age=60" }).end(String(count));
    };
    const text = async (): Promise<string> => (await here.manager.request(`${here.service.api}/me`)).text();
    const user = (sub: string): TokenSet => ({ ...first, claims: { iss: here.service.issuer, sub } });
    await here.client.tokens.keep(user("ada"));
    assert.deepEqual([await text(), await text()], ["1", "1"]);
    await here.client.tokens.keep({ ...user("bob"), accessToken: "bob" });
    assert.equal(await text(), "2");
    await here.client.tokens.keep({ ...user("ada"), accessToken: "ada" });
    assert.equal(await text(), "1");
  });
});

describe("tokens that are bound to a key", () => {
  const bound: TokenSet = { ...first, tokenType: "dpop" };

  test("go with a proof for each request, of the same key, which says what it is for", async () => {
    await using here = await scene({}, { dpop: true, tokens: bound });
    assert.deepEqual([await here.get(), await here.get({ method: "POST", body: "x" })], [200, 200]);
    const [one, other] = here.service.proofs;
    assert.deepEqual([one?.["htm"], other?.["htm"], one?.["htu"]], ["GET", "POST", `${here.service.api}/items`]);
    assert.notEqual(one?.["jti"], other?.["jti"]);
    assert.equal(one?.["key"], other?.["key"]);
    assert.equal(one?.["nonce"], undefined);
    assert.equal(here.service.requests[0], "DPoP access-0");
  });

  test("go with the nonce that a service wants, which costs one repetition, once", async () => {
    await using here = await scene({}, { dpop: true, tokens: bound });
    here.service.nonce = "one";
    assert.deepEqual([await here.get(), await here.get()], [200, 200]);
    assert.equal(here.service.requests.length, 3);
    here.service.nonce = "two";
    assert.equal(await here.get(), 200);
    assert.equal(here.service.requests.length, 5);
    assert.deepEqual(here.service.grants, []);
  });

  test("are renewed and proved anew after that; a service that wants another nonce each time gets no third", async () => {
    await using here = await scene({}, { dpop: true, tokens: bound });
    here.service.nonce = "one";
    here.service.valid.clear();
    assert.equal(await here.get(), 200);
    assert.deepEqual(here.service.grants, ["refresh_token"]);
    assert.deepEqual(here.service.requests, ["DPoP access-0", "DPoP access-0", "DPoP access-1"]);
    let count = 0;
    here.service.answer = (_request, response) => {
      count += 1;
      const fields = { "www-authenticate": 'DPoP error="use_dpop_nonce"', "dpop-nonce": `n${String(count)}` };
      response.writeHead(401, fields).end();
    };
    assert.equal(await here.get(), 401);
    assert.equal(count, 2);
  });
});
