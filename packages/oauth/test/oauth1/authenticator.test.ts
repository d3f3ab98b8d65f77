import type { AuthenticatedRequest, Refusal } from "@fairlead/access";
import { AuthenticationError, UsageError } from "@fairlead/core";
import { generateKeyPairSync } from "node:crypto";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  memoryNonces,
  oauth1Authenticator,
  verifyOAuth1,
  type OAuth1AuthenticatorOptions,
  type OAuth1Secrets,
} from "../../src/oauth1/index.ts";
import { parseAuthorization } from "../../src/oauth1/protocol/authorization-field.ts";

const NOW = Date.UTC(2026, 10, 22, 5, 20);
const origin = "https://api.example";
const secrets = { consumerKey: "consumer", consumerSecret: "cs & more", token: "token", tokenSecret: "t+s" };

function authenticator(options: Partial<OAuth1AuthenticatorOptions> = {}): ReturnType<typeof oauth1Authenticator> {
  return oauth1Authenticator({ ...secrets, origins: [origin], now: () => NOW, ...options });
}

function request(url: string, more: Partial<AuthenticatedRequest> = {}): AuthenticatedRequest {
  return {
    method: "GET",
    url: new URL(url),
    fields: [],
    content: undefined,
    partition: "",
    signal: undefined,
    ...more,
  };
}

/** What a server makes of a request that was signed. */
async function verified(
  asked: AuthenticatedRequest,
  sent: readonly string[] | undefined,
  known: OAuth1Secrets = secrets,
): Promise<string> {
  const headers = new Headers();
  for (let index = 0; index < asked.fields.length; index += 2) {
    headers.append(asked.fields[index] ?? "", asked.fields[index + 1] ?? "");
  }
  headers.set(sent?.[0] ?? "", sent?.[1] ?? "");
  const { method, url, content } = asked;
  const body = content === undefined ? null : typeof content === "string" ? content : Buffer.from(content);
  const { consumerKey } = await verifyOAuth1(new Request(url, { method, headers, body }), {
    secretOf: () => known,
    nonceSeen: memoryNonces(),
    now: () => NOW,
  });
  return consumerKey;
}

const form = ["Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"];

describe("oauth1Authenticator", () => {
  it("signs method, URL, query and form so that a server believes them", async () => {
    const table = [
      request(`${origin}/photos?file=a%20b&file=%FF&x`),
      request(`${origin}/photos?a=+&b=%2B`, { method: "DELETE" }),
      request(`${origin}/update`, {
        method: "POST",
        fields: form,
        content: "status=Ladies+%26+Gentlemen%21&c&c=%e2%98%83",
      }),
      request(`${origin}/update`, { method: "POST", fields: form, content: Buffer.from("a=☃") }),
      request(`${origin}/update`, { method: "POST", fields: ["content-type", "text/plain"], content: "not signed" }),
    ];
    for (const method of ["HMAC-SHA1", "HMAC-SHA256"] as const) {
      for (const asked of table) {
        const sent = await authenticator({ method }).authenticate(asked);
        assert.equal(await verified(asked, sent), "consumer", asked.url.href);
      }
    }
  });

  it("signs by a private key", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const options = { consumerKey: "consumer", origins: [origin], now: (): number => NOW };
    for (const key of [privateKey, pem]) {
      const asked = request(`${origin}/?a=1`);
      const sent = await oauth1Authenticator({ ...options, privateKey: key }).authenticate(asked);
      assert.equal(await verified(asked, sent, { publicKey }), "consumer");
    }
  });

  it("signs other content by its hash where that is asked for", async () => {
    const asked = request(`${origin}/`, {
      method: "PUT",
      fields: ["content-type", "text/plain"],
      content: "Hello World!",
    });
    const sent = await authenticator({ bodyHash: true }).authenticate(asked);
    assert.match(sent?.[1] ?? "", /oauth_body_hash="Lve95gjOVATpfV8EL5X4nxwjKHE%3D"/);
    assert.equal(await verified(asked, sent), "consumer");
    await assert.rejects(verified({ ...asked, content: "Hello world!" }, sent), { problem: "signature_invalid" });
    const formSent = await authenticator({ bodyHash: true }).authenticate(
      request(origin, { fields: form, content: "a" }),
    );
    assert.doesNotMatch(formSent?.[1] ?? "", /body_hash/);
    const bare = await authenticator({ bodyHash: true }).authenticate(request(origin));
    assert.doesNotMatch(bare?.[1] ?? "", /body_hash/);
  });

  it("names nonce and time anew each time, the realm where there is one, and no secret", async () => {
    const options = authenticator({ realm: "Photos" });
    const fields = await Promise.all([1, 2].map(async () => (await options.authenticate(request(origin)))?.[1] ?? ""));
    const [one, other] = fields.map((field) => {
      const { realm, parameters = [] } = parseAuthorization(field) ?? {};
      assert.equal(realm, "Photos");
      return new Map(parameters);
    });
    assert.equal(one?.get("oauth_timestamp"), (NOW / 1_000).toString());
    assert.match(one.get("oauth_nonce") ?? "", /^[\da-f]{24}$/);
    assert.notEqual(one.get("oauth_nonce"), other?.get("oauth_nonce"));
    for (const field of [...fields, options.identity]) assert.doesNotMatch(field, /cs.*more|t(\+|%2B)s/);
  });

  it("covers its origins and nothing else", () => {
    const { covers } = { covers: (url: string) => authenticator().covers(new URL(url)) };
    assert.ok(covers("https://api.example:443/a?b"));
    for (const url of [
      "http://api.example/",
      "https://api.example:444/",
      "https://other.example/",
      "https://api.example.evil/",
    ]) {
      assert.ok(!covers(url), url);
    }
  });

  it("speaks as another for each consumer and token", () => {
    const identities = [{}, { token: "other" }, { consumerKey: "consumert", token: "oken" }].map(
      (options) => authenticator(options).identity,
    );
    assert.equal(new Set(identities).size, 3);
    assert.equal(authenticator().identity, identities[0]);
  });

  it("refuses to leave a form or a hashed body unsigned because it cannot see it", async () => {
    const unseen = [
      [authenticator(), request(origin, { method: "POST", fields: form })],
      [authenticator(), request(origin, { method: "POST", fields: form, content: Buffer.from([0x61, 0x3d, 0xff]) })],
      [authenticator({ bodyHash: true }), request(origin, { method: "POST", fields: ["content-type", "a/b"] })],
    ] as const;
    for (const [signer, asked] of unseen) {
      await assert.rejects(
        async () => signer.authenticate(asked),
        (error) => error instanceof AuthenticationError && error.code === "AUTHENTICATION_FAILED",
      );
    }
  });

  describe("with a clock that is wrong", () => {
    function refusal(more: Partial<Refusal> & { readonly date?: number; readonly problem?: string } = {}): Refusal {
      const { date = NOW + 3_600_000, problem = "timestamp_refused" } = more;
      return {
        status: 401,
        sent: [],
        refusedBefore: 0,
        fields: {
          date: new Date(date).toUTCString(),
          "www-authenticate": `OAuth realm="", oauth_problem="${problem}"`,
        },
        ...more,
      };
    }

    it("learns the server's from the Date of its refusal, and repeats once", async () => {
      const signer = authenticator();
      const asked = request(origin);
      assert.equal(await signer.refused?.(asked, refusal()), true);
      const sent = await signer.authenticate(asked);
      assert.match(sent?.[1] ?? "", new RegExp(`oauth_timestamp="${(NOW / 1_000 + 3_600).toString()}"`));
      assert.equal(await signer.refused?.(asked, refusal({ refusedBefore: 1, date: NOW + 7_200_000 })), false);
      assert.equal(await signer.refused?.(asked, refusal()), false, "it is reckoned with already");
    });

    it("learns it, too, where the server does not say why it refused and is far off", async () => {
      const fields = (date: number): Refusal["fields"] => ({
        date: new Date(date).toUTCString(),
        "www-authenticate": "OAuth",
      });
      assert.equal(await authenticator().refused?.(request(origin), refusal({ fields: fields(NOW - 120_000) })), true);
      assert.equal(await authenticator().refused?.(request(origin), refusal({ fields: fields(NOW - 5_000) })), false);
    });

    it("repeats nothing for another reason", async () => {
      const table = [
        refusal({ problem: "signature_invalid" }),
        refusal({ problem: "nonce_used" }),
        refusal({ status: 403 }),
        refusal({ date: NOW + 500 }),
        refusal({ fields: {} }),
        refusal({
          fields: {
            date: "yesterday",
            "www-authenticate": ['Basic realm="a"', "OAuth oauth_problem=timestamp_refused"],
          },
        }),
      ];
      for (const each of table) assert.equal(await authenticator().refused?.(request(origin), each), false);
    });

    it("keeps what one origin said from another", async () => {
      const other = "https://other.example";
      const signer = authenticator({ origins: [origin, other] });
      await signer.refused?.(request(origin), refusal());
      const sent = await signer.authenticate(request(other));
      assert.match(sent?.[1] ?? "", new RegExp(`oauth_timestamp="${(NOW / 1_000).toString()}"`));
    });
  });

  it("refuses what does not go together, and quotes no secret", () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const table: readonly Readonly<Record<string, unknown>>[] = [
      { consumerKey: "" },
      { method: "RSA-SHA1" },
      { method: "RSA-SHA1", privateKey: "hunter2" },
      { consumerSecret: undefined, privateKey: "hunter2" },
      { consumerSecret: undefined, privateKey },
      { method: "HMAC-SHA1", consumerSecret: undefined },
      { realm: "a\r\nb" },
      { origins: ["api.example"] },
      { origins: ["ftp://api.example"] },
      { method: "PLAINTEXT", origins: ["https://api.example", "http://api.example"] },
    ];
    for (const options of table) {
      assert.throws(
        () => oauth1Authenticator({ ...secrets, origins: [origin], ...options }),
        (error) => error instanceof UsageError && !/hunter2|cs & more/.test(error.message),
        JSON.stringify(options),
      );
    }
  });
});
