import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import {
  beginLogin,
  clientCredentials,
  introspect,
  loginByDevice,
  logout,
  openOAuthClient,
  refresh,
  registerClient,
  revoke,
  userInfo,
  type OAuthClient,
  type OAuthClientOptions,
  type TokenSet,
} from "@fairlead/oauth";
import { accessToken, code, refreshToken, startLiar, type Liar, type LiarAnswer, type Lies } from "../fixtures/liar.ts";

let manager: NetworkAccessManager;

before(async () => {
  manager = await openNetworkAccessManager();
});

after(() => manager.close());

const tokens: TokenSet = {
  accessToken,
  tokenType: "bearer",
  expiresAt: undefined,
  refreshToken,
  scope: [],
  claims: undefined,
  idToken: undefined,
};

interface Waiting {
  readonly client: OAuthClient;
  readonly options: OAuthClientOptions;
  readonly liar: Liar;
  readonly signal: AbortSignal;
}

type Asking = readonly [title: string, lies: (never: LiarAnswer) => Lies, ask: (waiting: Waiting) => Promise<unknown>];

const askings: readonly Asking[] = [
  [
    "clientCredentials",
    (never) => ({ token: () => never }),
    ({ client, signal }) => clientCredentials(client, { signal }),
  ],
  ["refresh", (never) => ({ token: () => never }), ({ client, signal }) => refresh(client, tokens, { signal })],
  ["userInfo", (never) => ({ userInfo: never }), ({ client, signal }) => userInfo(client, { signal })],
  ["introspect", (never) => ({ introspection: never }), ({ client, signal }) => introspect(client, "t", { signal })],
  ["revoke", (never) => ({ revocation: never }), ({ client, signal }) => revoke(client, "t", { signal })],
  ["logout", (never) => ({ revocation: never }), ({ client, signal }) => logout(client, { signal })],
  [
    "registerClient",
    (never) => ({ registration: never }),
    ({ options, signal }) => registerClient(options, {}, { signal }),
  ],
  [
    "loginByDevice",
    (never) => ({ device: () => never }),
    ({ client, signal }) => loginByDevice(client, { signal, onCode: () => undefined }),
  ],
  [
    "beginLogin",
    (never) => ({ pushed: never }),
    ({ client, signal }) => beginLogin(client, { signal, redirectUri: "http://127.0.0.1/callback" }),
  ],
  [
    "finish",
    (never) => ({ token: () => never }),
    async ({ client, liar, signal }) => {
      const { state, finish } = await beginLogin(client, { redirectUri: "http://127.0.0.1/callback" });
      return finish(new URLSearchParams({ code, state, iss: liar.issuer }), { signal });
    },
  ],
];

for (const [title, lies, ask] of askings) {
  describe(`${title}, whose server does not answer,`, () => {
    test("ends with the reason of its signal", async () => {
      const giving = new AbortController();
      const reason = new Error("enough");
      const never: LiarAnswer = () => {
        giving.abort(reason);
      };
      await using liar = await startLiar(lies(never));
      const options = { manager, issuer: liar.issuer, clientId: "tool" };
      const client = await openOAuthClient(options);
      await client.tokens.keep(tokens);
      await assert.rejects(ask({ client, options, liar, signal: giving.signal }), reason);
    });

    test("ends after its time", async () => {
      await using liar = await startLiar(lies(() => undefined));
      const options = { manager, issuer: liar.issuer, clientId: "tool", timeout: 100 };
      // What is asked first is answered, however busy this machine is.
      const client = await openOAuthClient({ ...options, timeout: 30_000 });
      await client.tokens.keep(tokens);
      const hasty = { ...client, options };
      const { signal } = new AbortController();
      const ended = ask({ client: hasty, options: { ...options, server: client.server }, liar, signal });
      await assert.rejects(ended, { code: "TIMED_OUT", peer: new URL(liar.issuer).host });
    });
  });
}

test("who has given up already asks nobody", async () => {
  await using liar = await startLiar();
  const options = { manager, issuer: liar.issuer, clientId: "tool" };
  const client = await openOAuthClient(options);
  await client.tokens.keep(tokens);
  const before = liar.paths.length;
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  await assert.rejects(openOAuthClient(options, { signal }), reason);
  for (const [title, , ask] of askings) await assert.rejects(ask({ client, options, liar, signal }), reason, title);
  assert.equal(liar.paths.length, before);
});
