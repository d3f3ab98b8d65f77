import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { AuthenticationError } from "@fairlead/core";
import {
  beginLogin,
  openOAuthClient,
  type LoginTerms,
  type OAuthClient,
  type OAuthClientOptions,
  type TokenSet,
} from "@fairlead/oauth";
import { CompactEncrypt, generateKeyPair, type CryptoKey, type JWTPayload } from "jose";
import { assertNoSecrets } from "../fixtures/assert-no-secrets.ts";
import {
  accessToken,
  code,
  exactly,
  gibibyte,
  refuse,
  startLiar,
  type Liar,
  type Lies,
  type SigningTerms,
} from "../fixtures/liar.ts";

let manager: NetworkAccessManager;
let stranger: CryptoKey;

before(async () => {
  manager = await openNetworkAccessManager();
  stranger = (await generateKeyPair("ES256")).privateKey;
});

after(() => manager.close());

function open(liar: Pick<Liar, "issuer">, options: Partial<OAuthClientOptions> = {}): Promise<OAuthClient> {
  return openOAuthClient({ manager, issuer: liar.issuer, clientId: "tool", scope: ["openid"], ...options });
}

/** Signs in at a server that lies, up to the tokens. */
async function signIn(
  liar: Liar,
  answer: Readonly<Record<string, string>> = {},
  terms: LoginTerms = {},
  options: Partial<OAuthClientOptions> = {},
): Promise<TokenSet> {
  const client = await open(liar, options);
  const { url, state, finish } = await beginLogin(client, { ...terms, redirectUri: "http://127.0.0.1/callback" });
  liar.nonce ??= url.searchParams.get("nonce") ?? undefined;
  return finish(new URLSearchParams({ code, state, iss: liar.issuer, ...answer }));
}

async function assertFailsAs(expected: string, failing: Promise<unknown>, liar: Liar): Promise<AuthenticationError> {
  const error = await failing.then(
    () => assert.fail(`it went well, in place of ${expected}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AuthenticationError, String(error));
  assert.equal(error.code, expected, error.message);
  assert.equal(error.peer, new URL(liar.issuer).host);
  assert.ok(error.operation);
  assert.ok(error.remedy);
  assertNoSecrets(error, liar.secrets);
  return error;
}

test("a login cannot be asked for to be less than no time ago", async () => {
  await using liar = await startLiar();
  for (const maxAge of [-1, 0.5, Number.NaN]) {
    await assert.rejects(signIn(liar, {}, { maxAge }), { code: "OPTION_INVALID" });
  }
});

test("a server that does not lie is believed", async () => {
  await using liar = await startLiar();
  const tokens = await signIn(liar);
  assert.equal(tokens.accessToken, accessToken);
  assert.equal(tokens.claims?.sub, "ada");
});

const broken: readonly (readonly [title: string, answer: NonNullable<Lies["pushed"]>, code?: string])[] = [
  ["HTML", exactly("<!doctype html><title>login</title>", "text/html")],
  ["nothing", exactly("")],
  ["JSON that is cut", exactly('{"issuer": "http')],
  ["a list", exactly("[]")],
  ["JSON that is not UTF-8", (response) => void response.writeHead(200).end(Buffer.from('{"a":"\xff"}', "latin1"))],
  ["members twice", exactly('{"issuer":"a","issuer":"b","access_token":"a","access_token":"b","token_type":"bearer"}')],
  ["a thousand levels", exactly(`${'{"a":'.repeat(1_000)}1${"}".repeat(1_000)}`)],
  ["a gibibyte", gibibyte()],
  ["another place", (response) => void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
  ["busy", exactly("", "text/html", 503), "OAUTH_UNAVAILABLE"],
  ["too many", refuse(429, { error: "slow_down" }), "OAUTH_UNAVAILABLE"],
];

test("of a gibibyte no more is read than is allowed", async () => {
  let sent = 0;
  await using liar = await startLiar({ metadata: () => gibibyte((bytes) => (sent += bytes)) });
  await assertFailsAs("OAUTH_RESPONSE_INVALID", open(liar), liar);
  assert.ok(sent < 64 * 2 ** 20, `${String(sent)} octets went`);
});

describe("metadata that is no metadata", () => {
  for (const [title, answer, expected = "OAUTH_RESPONSE_INVALID"] of broken) {
    test(title, async () => {
      await using liar = await startLiar({ metadata: () => answer });
      await assertFailsAs(expected, open(liar), liar);
    });
  }

  test("of another server", async () => {
    await using liar = await startLiar({ metadata: (honest) => ({ ...honest, issuer: "http://127.0.0.1:1" }) });
    await assertFailsAs("OAUTH_ISSUER_MISMATCH", open(liar), liar);
  });

  test("none at all", async () => {
    await using liar = await startLiar({ metadata: () => exactly("", "text/plain", 404) });
    await assertFailsAs("OAUTH_CAPABILITY_MISSING", open(liar), liar);
  });

  test("without PKCE by S256", async () => {
    await using liar = await startLiar({
      metadata: (honest) => ({ ...honest, code_challenge_methods_supported: ["plain"] }),
    });
    await assertFailsAs("OAUTH_CAPABILITY_MISSING", signIn(liar), liar);
  });
});

describe("an answer at the redirect address that is not ours", () => {
  const answers: readonly (readonly [title: string, answer: Record<string, string>, code: string])[] = [
    ["has another state", { state: "of-somebody-else" }, "OAUTH_STATE_MISMATCH"],
    ["has no state", { state: "" }, "OAUTH_STATE_MISMATCH"],
    ["is of another server (RFC 9207)", { iss: "http://127.0.0.1:1" }, "OAUTH_ISSUER_MISMATCH"],
    ["does not say whose it is (RFC 9207)", { iss: "" }, "OAUTH_ISSUER_MISMATCH"],
    ["has a token in it", { id_token: "x.y.z" }, "OAUTH_RESPONSE_INVALID"],
    ["has no code", { code: "" }, "OAUTH_RESPONSE_INVALID"],
  ];
  for (const [title, answer, expected] of answers) {
    test(title, async () => {
      await using liar = await startLiar();
      await assertFailsAs(expected, signIn(liar, answer), liar);
      assert.ok(!liar.paths.includes("/token"), "a code was sent for it");
    });
  }

  test("has its parameters twice", async () => {
    await using liar = await startLiar();
    const { state, finish } = await beginLogin(await open(liar), { redirectUri: "http://127.0.0.1/callback" });
    const answer = new URLSearchParams({ code, state, iss: liar.issuer });
    answer.append("code", "another");
    await assertFailsAs("OAUTH_RESPONSE_INVALID", finish(answer), liar);
  });

  test("was made for a login at another server: its code is told to neither", async () => {
    await using honest = await startLiar();
    await using mixing = await startLiar();
    const { state, finish } = await beginLogin(await open(honest), { redirectUri: "http://127.0.0.1/callback" });
    const mixed = new URLSearchParams({ code, state, iss: mixing.issuer });
    await assertFailsAs("OAUTH_ISSUER_MISMATCH", finish(mixed), honest);
    assert.deepEqual(
      [...honest.paths, ...mixing.paths].filter((path) => path === "/token"),
      [],
    );
  });

  test("is an error: what it says can be printed", async () => {
    await using liar = await startLiar();
    const answer = { error: "access_denied", error_description: `\u001b[2Jgone\r\n${"x".repeat(10_000)}` };
    const error = await assertFailsAs("OAUTH_REFUSED", signIn(liar, answer), liar);
    assert.match(error.message, /access_denied/);
    assert.doesNotMatch(error.message, /[\u0000-\u001f]/);
    assert.ok(error.message.length < 1_000);
  });
});

describe("a token endpoint's answer that is none", () => {
  for (const [title, answer, expected = "OAUTH_RESPONSE_INVALID"] of broken) {
    test(title, async () => {
      await using liar = await startLiar({ token: () => answer });
      await assertFailsAs(expected, signIn(liar), liar);
    });
  }

  const members: readonly (readonly [title: string, members: Record<string, unknown>, code: string])[] = [
    ["no token", { access_token: undefined }, "OAUTH_RESPONSE_INVALID"],
    ["a token that is a number", { access_token: 1 }, "OAUTH_RESPONSE_INVALID"],
    ["a token with a line break", { access_token: `${accessToken}\r\nx-evil: 1` }, "OAUTH_RESPONSE_INVALID"],
    ["a token that ends a terminal", { access_token: `${accessToken}\u001b[2J` }, "OAUTH_RESPONSE_INVALID"],
    ["a refresh token with a letter beyond ASCII", { refresh_token: "é" }, "OAUTH_RESPONSE_INVALID"],
    ["a token of a kind that nobody knows", { token_type: "mac" }, "OAUTH_RESPONSE_INVALID"],
    ["a token that is bound to a key that nobody has", { token_type: "DPoP" }, "OAUTH_RESPONSE_INVALID"],
    ["a time before now", { expires_in: -1 }, "OAUTH_RESPONSE_INVALID"],
    ["a time that is none", { expires_in: "soon" }, "OAUTH_RESPONSE_INVALID"],
    ["a scope that is none", { scope: ["openid"] }, "OAUTH_RESPONSE_INVALID"],
    ["no ID token", { id_token: undefined }, "OAUTH_ID_TOKEN_INVALID"],
    ["an ID token that is text", { id_token: "yes" }, "OAUTH_ID_TOKEN_INVALID"],
  ];
  for (const [title, wrong, expected] of members) {
    test(title, async () => {
      await using liar = await startLiar({ token: (honest) => ({ ...honest, ...wrong }) });
      await assertFailsAs(expected, signIn(liar), liar);
    });
  }

  test("an error that quotes the secrets that it was sent", async () => {
    await using liar = await startLiar({
      token: (_, { sent }) => refuse(400, { error: "invalid_grant", error_description: [...sent].join(" ") }),
    });
    await assertFailsAs("OAUTH_REFUSED", signIn(liar), liar);
  });
});

describe("an ID token that proves nothing", () => {
  const now = Math.floor(Date.now() / 1_000);
  const claims: readonly (readonly [title: string, claims: JWTPayload, code?: string])[] = [
    ["of another server", { iss: "http://127.0.0.1:1" }, "OAUTH_ISSUER_MISMATCH"],
    ["with another nonce", { nonce: "of-somebody-else" }],
    ["without a nonce", { nonce: undefined }],
    ["for another client", { aud: "somebody" }],
    ["for several clients, without saying who asked", { aud: ["tool", "somebody"] }],
    ["for several clients, of which another asked", { aud: ["tool", "somebody"], azp: "somebody" }],
    ["for this client alone, for which another asked", { azp: "somebody" }],
    ["that has expired", { exp: now - 31 }],
    ["that is not valid yet", { nbf: now + 120 }],
    ["that never expires", { exp: undefined as unknown as number }],
    ["about nobody", { sub: undefined as unknown as string }],
    ["about a number", { sub: 1 as unknown as string }],
    ["that came with another access token", { at_hash: "of-another" }],
  ];
  for (const [title, wrong, expected = "OAUTH_ID_TOKEN_INVALID"] of claims) {
    test(title, async () => {
      const token: Lies["token"] = async (honest, liar) => ({ ...honest, id_token: await liar.idToken(wrong) });
      await using liar = await startLiar({ token });
      await assertFailsAs(expected, signIn(liar), liar);
    });
  }

  test("an ID token has expired when the clocks cannot differ by that much", async () => {
    const token: Lies["token"] = async (honest, liar) => ({
      ...honest,
      id_token: await liar.idToken({ exp: now - 60 }),
    });
    await using liar = await startLiar({ token });
    await assertFailsAs("OAUTH_ID_TOKEN_INVALID", signIn(liar), liar);
    liar.nonce = undefined;
    assert.equal((await signIn(liar, {}, {}, { clockToleranceSeconds: 600 })).claims?.sub, "ada");
  });

  const signatures: readonly (readonly [title: string, terms: (liar: Liar) => SigningTerms])[] = [
    ["signed by another's key, under the name of the right one", () => ({ key: stranger })],
    ["signed by a key that the server does not publish", () => ({ key: stranger, header: { kid: "k2" } })],
    [
      "signed by HMAC with the public key as its secret",
      ({ publicJwk }) => ({ key: Buffer.from(JSON.stringify(publicJwk)), header: { alg: "HS256" } }),
    ],
    ["with an extension that must be understood", () => ({ header: { crit: ["b64"], b64: true } })],
  ];
  for (const [title, terms] of signatures) {
    test(title, async () => {
      const token: Lies["token"] = async (honest, liar) => ({
        ...honest,
        id_token: await liar.idToken({}, terms(liar)),
      });
      await using liar = await startLiar({ token });
      await assertFailsAs("OAUTH_ID_TOKEN_INVALID", signIn(liar), liar);
    });
  }

  const rewritten: readonly (readonly [
    title: string,
    rewrite: (parts: readonly string[]) => string | Promise<string>,
  ])[] = [
    ["that nobody has signed (alg none)", ([, body]) => `${encode({ alg: "none" })}.${String(body)}.`],
    ["whose signature was cut off", ([head, body]) => `${String(head)}.${String(body)}.`],
    ["whose claims were changed", ([head, body, mark]) => [head, changed(String(body)), mark].join(".")],
    [
      "that says it is signed otherwise",
      ([, body, mark]) => [encode({ alg: "RS256", kid: "k1" }), body, mark].join("."),
    ],
    [
      "that is encrypted",
      (parts) =>
        new CompactEncrypt(Buffer.from(parts.join(".")))
          .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
          .encrypt(Buffer.alloc(32)),
    ],
  ];
  for (const [title, rewrite] of rewritten) {
    test(title, async () => {
      const token: Lies["token"] = async (honest, liar) => ({
        ...honest,
        id_token: await rewrite((await liar.idToken()).split(".")),
      });
      await using liar = await startLiar({ token });
      await assertFailsAs("OAUTH_ID_TOKEN_INVALID", signIn(liar), liar);
    });
  }

  const published: readonly (readonly [title: string, keys: NonNullable<Lies["keys"]>, code?: string])[] = [
    ["no keys", () => ({ keys: [] })],
    ["two keys of one name", ({ keys }) => ({ keys: [...(keys as object[]), ...(keys as object[])] })],
    ["a key that is none", () => ({ keys: [{ kty: "EC", crv: "P-256", kid: "k1", x: "AA", y: "AA" }] })],
    ["keys that are none", () => ({ keys: "k1" })],
    ["HTML", () => exactly("<p>keys", "text/html"), "OAUTH_RESPONSE_INVALID"],
    ["busy", () => exactly("", "text/html", 503), "OAUTH_UNAVAILABLE"],
  ];
  for (const [title, lie, expected = "OAUTH_ID_TOKEN_INVALID"] of published) {
    test(`as its server publishes ${title}`, async () => {
      await using liar = await startLiar({ keys: lie });
      await assertFailsAs(expected, signIn(liar), liar);
    });
  }

  test("that is of a login longer ago than was asked for, or of no time", async () => {
    for (const auth_time of [Math.floor(Date.now() / 1_000) - 120, undefined, "today"]) {
      const token: Lies["token"] = async (honest, liar) => ({ ...honest, id_token: await liar.idToken({ auth_time }) });
      await using liar = await startLiar({ token });
      await assertFailsAs("OAUTH_ID_TOKEN_INVALID", signIn(liar, {}, { maxAge: 60 }), liar);
    }
  });

  test("that two readers read differently", async () => {
    const token: Lies["token"] = async (honest, liar) => {
      const { subtle } = crypto;
      const now = Math.floor(Date.now() / 1_000);
      const said = { iss: liar.issuer, aud: "tool", sub: "ada", nonce: liar.nonce, iat: now, exp: now + 60 };
      const text = JSON.stringify(said).replace('"sub":"ada"', '"sub":"root","sub":"ada"');
      const signed = `${encode({ alg: "ES256", kid: "k1" })}.${Buffer.from(text).toString("base64url")}`;
      const mark = await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, liar.key, Buffer.from(signed));
      return { ...honest, id_token: `${signed}.${Buffer.from(mark).toString("base64url")}` };
    };
    await using liar = await startLiar({ token });
    await assertFailsAs("OAUTH_ID_TOKEN_INVALID", signIn(liar), liar);
  });
});

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function changed(body: string): string {
  return encode({ ...(JSON.parse(Buffer.from(body, "base64url").toString()) as object), sub: "root" });
}
