import { AuthenticationError } from "@fairlead/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { memoryNonces, OAuth1Refusal, verifyOAuth1, type OAuth1VerifyOptions } from "../../src/oauth1/index.ts";
import { signingTerms, type OAuth1Credentials } from "../../src/oauth1/credentials.ts";
import type { OAuth1Problem } from "../../src/oauth1/protocol/received-request.ts";
import { signRequest } from "../../src/oauth1/sign-request.ts";

const NOW = 1_800_000_000_000;
const credentials: OAuth1Credentials = { consumerKey: "ck", consumerSecret: "cs", token: "tk", tokenSecret: "ts" };
const form = "application/x-www-form-urlencoded";

interface Message {
  readonly method?: string;
  readonly url?: string;
  readonly contentType?: string;
  readonly content?: string;
}

function sign(
  message: Message,
  more: { readonly timestamp?: number; readonly credentials?: OAuth1Credentials; readonly hashesBody?: boolean } = {},
): string {
  const { method = "GET", url = "https://api.example/a?b=1", contentType, content } = message;
  const signer = more.credentials ?? credentials;
  return signRequest(
    { method, url: new URL(url), contentType, content },
    { credentials: signer, terms: signingTerms(signer), timestamp: NOW / 1_000, hashesBody: false, ...more },
  );
}

function received(
  { method = "GET", url = "https://api.example/a?b=1", contentType, content }: Message,
  authorization: string,
): Request {
  const headers = new Headers({ authorization });
  if (contentType !== undefined) headers.set("content-type", contentType);
  return new Request(url, { method, headers, body: content ?? null });
}

function options(more: Partial<OAuth1VerifyOptions> = {}): OAuth1VerifyOptions {
  return {
    secretOf: (consumerKey, token) =>
      consumerKey === "ck" && (token === undefined || token === "tk")
        ? { consumerSecret: "cs", tokenSecret: token === undefined ? undefined : "ts" }
        : undefined,
    nonceSeen: memoryNonces({ now: () => NOW }),
    now: () => NOW,
    ...more,
  };
}

async function problemOf(
  request: Request,
  more: Partial<OAuth1VerifyOptions> = {},
): Promise<OAuth1Problem | undefined> {
  try {
    await verifyOAuth1(request, options(more));
    return undefined;
  } catch (error) {
    assert.ok(error instanceof OAuth1Refusal && error instanceof AuthenticationError);
    assert.equal(error.code, "OAUTH_SIGNATURE_INVALID");
    assert.doesNotMatch(error.message, /\b(cs|ts)\b/);
    return error.problem;
  }
}

describe("verifyOAuth1", () => {
  it("says who signed, and leaves the content to be read", async () => {
    const message = { method: "POST", contentType: form, content: "a=1&b=%20" };
    const request = received(message, sign(message));
    assert.deepEqual(await verifyOAuth1(request, options()), {
      consumerKey: "ck",
      token: "tk",
      method: "HMAC-SHA1",
      callback: undefined,
      verifier: undefined,
      realm: undefined,
    });
    assert.equal(await request.text(), "a=1&b=%20");
  });

  it("refuses what was sent before (RFC 5849 section 3.3)", async () => {
    const field = sign({});
    const shared = options();
    await verifyOAuth1(received({}, field), shared);
    await assert.rejects(verifyOAuth1(received({}, field), shared), { problem: "nonce_used" });
  });

  it("lets nobody without a key fill the memory of nonces", async () => {
    let asked = 0;
    const nonceSeen = (): boolean => {
      asked += 1;
      return false;
    };
    const stranger = { ...credentials, consumerSecret: "guess" };
    assert.equal(
      await problemOf(received({}, sign({}, { credentials: stranger })), { nonceSeen }),
      "signature_invalid",
    );
    assert.equal(asked, 0);
  });

  it("refuses a time outside its window, on either side", async () => {
    const at = async (seconds: number): Promise<OAuth1Problem | undefined> =>
      problemOf(received({}, sign({}, { timestamp: NOW / 1_000 + seconds })), { windowSeconds: 60 });
    assert.equal(await at(-60), undefined);
    assert.equal(await at(60), undefined);
    assert.equal(await at(-61), "timestamp_refused");
    assert.equal(await at(61), "timestamp_refused");
  });

  it("remembers a nonce for as long as its time is taken", async () => {
    const uses: number[] = [];
    const nonceSeen = ({ expiresAt }: { readonly expiresAt: number }): boolean => {
      uses.push(expiresAt);
      return false;
    };
    await verifyOAuth1(
      received({}, sign({}, { timestamp: NOW / 1_000 + 60 })),
      options({ nonceSeen, windowSeconds: 60 }),
    );
    assert.deepEqual(uses, [NOW + 120_001]);
  });

  it("does not tell an unknown key from a wrong signature", async () => {
    const unknown = { ...credentials, consumerKey: "nobody" };
    const wrong = { ...credentials, tokenSecret: "guess" };
    for (const signer of [unknown, wrong]) {
      const error: unknown = await verifyOAuth1(received({}, sign({}, { credentials: signer })), options()).catch(
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof OAuth1Refusal);
      assert.equal(error.message, new OAuth1Refusal("signature_invalid").message);
    }
  });

  it("takes a secret that is missing for nobody's, not for an empty one", async () => {
    const empty = { consumerKey: "ck", consumerSecret: "", token: "tk", tokenSecret: "" };
    const request = (): Request => received({}, sign({}, { credentials: empty }));
    assert.equal(await problemOf(request(), { secretOf: () => ({}) }), "signature_invalid");
    assert.equal(await problemOf(request(), { secretOf: () => ({ consumerSecret: "" }) }), "signature_invalid");
    assert.equal(await problemOf(request(), { secretOf: () => ({ consumerSecret: "", tokenSecret: "" }) }), undefined);
  });

  it("refuses parameters that are missing, doubled, in two places or cannot be (sections 3.1 and 3.5)", async () => {
    const field = sign({});
    const table: readonly (readonly [Request, OAuth1Problem])[] = [
      [received({}, "Bearer abc"), "parameter_absent"],
      [received({}, ""), "parameter_absent"],
      [received({}, field.replace(/oauth_nonce="\w+"/, 'oauth_nonce=""')), "parameter_absent"],
      [received({}, field.replace(/oauth_timestamp="\d+", /, "")), "parameter_absent"],
      [received({}, field.replace(/oauth_signature="[^"]*"/, 'oauth_signature=""')), "parameter_absent"],
      [received({}, `${field}, oauth_token="tk"`), "parameter_rejected"],
      [received({}, `${field}, oauth_nonce="another"`), "parameter_rejected"],
      [received({ url: "https://api.example/a?b=1&oauth_token=tk" }, field), "parameter_rejected"],
      [received({ method: "POST", contentType: form, content: "oauth_x=1" }, field), "parameter_rejected"],
      [received({}, field.replace('oauth_version="1.0"', 'oauth_version="2.0"')), "version_rejected"],
      [received({}, field.replace("HMAC-SHA1", "none")), "signature_method_rejected"],
      [received({}, field.replace("HMAC-SHA1", "PLAINTEXT")), "signature_method_rejected"],
      [received({}, field.replace(/oauth_timestamp="\d+"/, 'oauth_timestamp="-1"')), "parameter_rejected"],
      [received({}, field.replace(/oauth_timestamp="\d+"/, 'oauth_timestamp="1e9"')), "parameter_rejected"],
      [received({}, field.replace('oauth_token="tk"', 'oauth_token="%FF"')), "parameter_rejected"],
      [received({}, field.replace("HMAC-SHA1", "HMAC-SHA256")), "signature_invalid"],
    ];
    for (const [request, problem] of table) {
      assert.equal(await problemOf(request), problem, request.headers.get("authorization") ?? "");
    }
  });

  it("takes PLAINTEXT where that is asked for, over https only", async () => {
    const plain = { ...credentials, method: "PLAINTEXT" } as const;
    const field = sign({}, { credentials: plain });
    assert.equal(await problemOf(received({}, field)), "signature_method_rejected");
    assert.equal(await problemOf(received({}, field), { methods: ["PLAINTEXT"] }), undefined);
    const http = received({ url: "http://api.example/a?b=1" }, field);
    assert.equal(await problemOf(http, { methods: ["PLAINTEXT"] }), "signature_method_rejected");
    const guessed = sign({}, { credentials: { ...plain, tokenSecret: "tt" } });
    assert.equal(await problemOf(received({}, guessed), { methods: ["PLAINTEXT"] }), "signature_invalid");
  });

  it("goes by the URL that the client wrote", async () => {
    const behind = received({ url: "http://10.0.0.1:8080/a?b=1" }, sign({}));
    assert.equal(await problemOf(behind), "signature_invalid");
    const again = received({ url: "http://10.0.0.1:8080/a?b=1" }, sign({}));
    assert.equal(await problemOf(again, { url: "https://api.example/a?b=1" }), undefined);
  });

  it("wants content hashed where that is required, and holds no more of it than its limit", async () => {
    const message = { method: "PUT", contentType: "text/plain", content: "x".repeat(100) };
    const requiresBodyHash = true;
    assert.equal(await problemOf(received(message, sign(message)), { requiresBodyHash }), "parameter_absent");
    const hashed = (): Request => received(message, sign(message, { hashesBody: true }));
    assert.equal(await problemOf(hashed(), { requiresBodyHash }), undefined);
    assert.equal(await problemOf(hashed(), { contentLimitBytes: 99 }), "parameter_rejected");
    assert.equal(await problemOf(received({}, sign({})), { requiresBodyHash }), undefined);
    const asForm = { ...message, contentType: form };
    const field = sign(asForm).replace("oauth_version", 'oauth_body_hash="a", oauth_version');
    assert.notEqual(await problemOf(received(asForm, field)), undefined);
  });

  it("answers 400 to what cannot be and 401 to what is not believed (section 3.2)", () => {
    const answer = new OAuth1Refusal("timestamp_refused").response('a "b"');
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.get("www-authenticate"), 'OAuth realm="a \\"b\\"", oauth_problem="timestamp_refused"');
    assert.equal(new OAuth1Refusal("signature_invalid").response().status, 401);
    assert.equal(new OAuth1Refusal("parameter_absent").response().status, 400);
  });

  const text = fc.string({ unit: "grapheme", maxLength: 12 });
  const pairs = fc.array(fc.tuple(text, text), { maxLength: 4 });
  const message = fc
    .record({ method: fc.constantFrom("POST", "PUT"), query: pairs, content: pairs })
    .map(({ method, query, content }) => ({
      method,
      url: `https://api.example/${method}?${new URLSearchParams(query).toString()}`,
      contentType: form,
      content: new URLSearchParams(content).toString(),
    }));

  it("believes whatever was signed", async () => {
    await fc.assert(
      fc.asyncProperty(message, fc.constantFrom("HMAC-SHA1", "HMAC-SHA256"), async (signed, method) => {
        const field = sign(signed, {
          credentials: { ...credentials, method: method === "HMAC-SHA1" ? method : "HMAC-SHA256" },
        });
        assert.equal(await problemOf(received(signed, field)), undefined);
      }),
      { numRuns: 60 },
    );
  });

  it("believes nothing of which anything was changed", async () => {
    const changes = fc.constantFrom(
      "method",
      "path",
      "query",
      "content",
      "host",
      "scheme",
      "signature",
      "nonce",
      "token",
    );
    await fc.assert(
      fc.asyncProperty(message, changes, async (signed, change) => {
        const field = sign(signed);
        const url = new URL(signed.url);
        let changed: typeof signed = signed;
        let changedField = field;
        if (change === "method") changed = { ...signed, method: signed.method === "PUT" ? "POST" : "PUT" };
        if (change === "path") url.pathname += "x";
        if (change === "query") url.searchParams.append("x", "1");
        if (change === "host") url.host = "api.example.org";
        if (change === "scheme") url.protocol = "http:";
        if (change === "content") changed = { ...signed, content: `${signed.content}&x` };
        if (change === "signature")
          changedField = field.replace(
            /(oauth_signature=")(.)/,
            (_, name: string, first: string) => name + (first === "A" ? "B" : "A"),
          );
        if (change === "nonce") changedField = field.replace(/(oauth_nonce=")/, "$1" + "0");
        if (change === "token") changedField = field.replace('oauth_token="tk", ', "");
        assert.equal(await problemOf(received({ ...changed, url: url.href }, changedField)), "signature_invalid");
      }),
      { numRuns: 100 },
    );
  });
});

describe("memoryNonces", () => {
  const use = { consumerKey: "ck", token: "tk", timestamp: 1, nonce: "n", expiresAt: 100 };

  it("tells apart what differs in anything", () => {
    const seen = memoryNonces();
    assert.equal(seen(use), false);
    for (const other of [{ consumerKey: "c" }, { token: undefined }, { timestamp: 2 }, { nonce: "m" }]) {
      assert.equal(seen({ ...use, ...other }), false);
    }
    assert.equal(seen(use), true);
  });

  it("refuses one consumer past its limit until something has expired, and no other", () => {
    let now = 0;
    const seen = memoryNonces({ limit: 2, now: () => now });
    assert.equal(seen(use), false);
    assert.equal(seen({ ...use, nonce: "b", expiresAt: 200 }), false);
    assert.equal(seen({ ...use, nonce: "c" }), true);
    assert.equal(seen({ ...use, consumerKey: "other" }), false);
    now = 100;
    assert.equal(seen({ ...use, nonce: "d", expiresAt: 200 }), false);
    assert.equal(seen({ ...use, nonce: "e", expiresAt: 200 }), true);
  });
});
