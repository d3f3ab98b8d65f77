import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  genericWebhooks,
  githubWebhooks,
  signWebhook,
  slackWebhooks,
  standardWebhooks,
  stripeWebhooks,
  twilioWebhooks,
  verifyWebhook,
  type WebhookScheme,
} from "../../../src/patterns/webhooks/index.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Vector {
  readonly name: string;
  readonly scheme: WebhookScheme;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly url?: string;
  readonly signedAt?: number;
}

const SLACK_BODY =
  "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
const TWILIO_URL = "https://mycompany.com/myapp.php?foo=1&bar=2";
const TWILIO_FORM = "Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&CallSid=CA1234567890ABCDE";
const TWILIO_DIGEST = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
const FORM = { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" };

function twilio(
  name: string,
  signature: string,
  url = TWILIO_URL,
  body = TWILIO_FORM,
  type: Record<string, string> = FORM,
): Vector {
  const headers = { ...type, "x-twilio-signature": signature };
  return { name: `Twilio, ${name}`, scheme: twilioWebhooks(), secret: "12345", headers, body, url };
}

/** What the services themselves have published, in their documentation or with their libraries. */
const vectors: readonly Vector[] = [
  {
    name: "Standard Webhooks, the example of the specification",
    scheme: standardWebhooks(),
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    headers: {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    body: '{"test": 2432232314}',
    signedAt: 1_614_265_330_000,
  },
  {
    name: "the same as Svix sends it, among other signatures, the secret without its prefix",
    scheme: standardWebhooks(),
    secret: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    headers: {
      "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "svix-timestamp": "1614265330",
      "svix-signature": "v1a,x= v1,bm90IGl0 v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v2,g0hM9SsE",
    },
    body: '{"test": 2432232314}',
    signedAt: 1_614_265_330_000,
  },
  {
    name: "GitHub, the example of its documentation",
    scheme: githubWebhooks(),
    secret: "It's a Secret to Everybody",
    headers: { "x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17" },
    body: "Hello, World!",
  },
  {
    name: "Slack, the example of its documentation",
    scheme: slackWebhooks(),
    secret: "8f742231b10e8888abcd99yyyzzz85a5",
    headers: {
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    },
    body: SLACK_BODY,
    signedAt: 1_531_420_618_000,
  },
  twilio("the example of its libraries", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
  twilio(
    "a name with several values",
    "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
    TWILIO_URL,
    "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
  ),
  twilio(
    "content by its digest",
    "a9nBmqA0ju/hNViExpshrM61xv4=",
    `${TWILIO_URL}&bodySHA256=${TWILIO_DIGEST}`,
    '{"property": "value", "boolean": true}',
    {
      "content-type": "application/json",
    },
  ),
  twilio(
    "signed without the port that is asked for",
    "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    TWILIO_URL.replace(".com", ".com:1234"),
  ),
  twilio(
    "signed with the port of http",
    "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
    "http://mycompany.com:1234/myapp.php?foo=1&bar=2",
  ),
  twilio("signed with port 443", "kvajT1Ptam85bY51eRf/AJRuM3w="),
  twilio("signed with port 80", "0ZXoZLH/DfblKGATFgpif+LLRf4=", TWILIO_URL.replace("https", "http")),
  twilio(
    "with a user and a password",
    "CukzLTc1tT5dXEDIHm/tKBanW10=",
    "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2",
  ),
  twilio("with a user", "2YRLlVAflCqxaNicjMpJcSTgzSs=", "https://user@mycompany.com/myapp.php?foo=1&bar=2"),
  twilio(
    "with a user, a password and port 443",
    "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=",
    "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2",
  ),
];

interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly url?: string;
}

function verify(
  { scheme, signedAt = 0 }: Pick<Vector, "scheme" | "signedAt">,
  { headers, body, url }: Received,
  secrets: readonly string[],
  now = signedAt,
): ReturnType<typeof verifyWebhook> {
  const message = { headers: new Headers(headers), body: bytes(body), ...(url !== undefined && { url }) };
  return verifyWebhook(message, { scheme, secrets, now: () => now });
}

const INVALID = { code: "WEBHOOK_SIGNATURE_INVALID" };

for (const vector of vectors) {
  describe(`${vector.name}:`, () => {
    const { secret, signedAt, headers } = vector;

    test("is verified", () => {
      const verified = verify(vector, vector, [secret]);
      assert.equal(verified.signedAt, signedAt);
      assert.notEqual(verified.id, "");
    });
    test("is verified by any of several secrets, while they change", () => {
      verify(vector, vector, ["bmV3ZXI=", secret]);
    });
    test("is refused with another secret", () => {
      assert.throws(() => verify(vector, vector, ["b3RoZXI="]), INVALID);
    });
    test("is refused with another content", () => {
      assert.throws(() => verify(vector, { ...vector, body: `${vector.body}!` }, [secret]), INVALID);
      assert.throws(() => verify(vector, { ...vector, body: "" }, [secret]), INVALID);
    });
    for (const name of Object.keys(headers).filter((header) => header !== "content-type")) {
      test(`is refused without ${name}, with an empty one and a broken one`, () => {
        const { [name]: value = "", ...others } = headers;
        for (const left of [
          others,
          { ...others, [name]: "" },
          { ...others, [name]: "0" },
          { ...others, [name]: Array.from(value).reverse().join("") },
        ]) {
          assert.throws(() => verify(vector, { ...vector, headers: left }, [secret]), INVALID);
        }
      });
    }
    if (signedAt !== undefined) {
      test("is refused five minutes and a second later or earlier, and not before that", () => {
        for (const seconds of [-300, 300]) verify(vector, vector, [secret], signedAt + seconds * 1_000);
        for (const seconds of [-301, 301, Number.NaN]) {
          assert.throws(() => verify(vector, vector, [secret], signedAt + (seconds || 1e12) * 1_000), INVALID);
        }
      });
    }
    test("is what is signed for itself", () => {
      if (vector.name.includes("Svix") || vector.name.includes(" port")) return;
      const contentType = headers["content-type"];
      const written = signWebhook(
        {
          body: vector.body,
          ...(vector.url !== undefined && { url: vector.url }),
          ...(contentType !== undefined && { contentType }),
          id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        },
        { scheme: vector.scheme, secrets: [secret], now: () => signedAt ?? 0 },
      );
      for (const [name, value] of Object.entries(written)) assert.equal(value, headers[name]);
    });
  });
}

describe("a scheme", () => {
  const schemes = [
    standardWebhooks(),
    githubWebhooks(),
    stripeWebhooks(),
    slackWebhooks(),
    twilioWebhooks(),
    genericWebhooks({ header: "X-Shopify-Hmac-SHA256", encoding: "base64" }),
    genericWebhooks({ header: "x-sum", algorithm: "sha512", prefix: "sha512=" }),
    genericWebhooks({ header: "x-sum", algorithm: "sha1" }),
  ];
  for (const scheme of schemes) {
    test(`${scheme.name} (${scheme.algorithm}) verifies what it signs, and nothing else`, () => {
      const [secret, old] = ["c2VjcmV0IG9uZQ==", "c2VjcmV0IHR3bw=="] as const;
      const sent = { body: "a=1&b=2", url: "https://a.example/hook", contentType: "application/x-www-form-urlencoded" };
      const written = signWebhook(sent, { scheme, secrets: [secret, old], now: () => 1_999 });
      const headers = { ...written, "content-type": sent.contentType };
      verify({ scheme }, { ...sent, headers }, [secret]);
      assert.throws(() => verify({ scheme }, { ...sent, body: "a=1&b=3", headers }, [secret]), INVALID);
      assert.throws(() => verify({ scheme }, { ...sent, headers }, ["b3RoZXI="]), INVALID);
      for (const name of Object.keys(written)) {
        for (const value of Object.values(written)) assert.ok(!value.includes(secret), name);
      }
    });
    test(`${scheme.name} (${scheme.algorithm}) takes no empty secret: anybody could sign by it`, () => {
      for (const secrets of [[], [""], ["c2VjcmV0", ""]]) {
        assert.throws(() => verify({ scheme }, { headers: {}, body: "" }, secrets), { code: "OPTION_INVALID" });
      }
    });
    test(`${scheme.name} (${scheme.algorithm}) refuses whatever is not signed`, () => {
      const names = [
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "x-hub-signature-256",
        "stripe-signature",
        "x-twilio-signature",
        "x-sum",
        "x-slack-signature",
        "x-slack-request-timestamp",
      ];
      const value = fc.oneof(
        fc.constantFrom("t=1,v1=00", "v1,AAAA", "v0=00", "sha256=00", "1", "t=1,t=2,v1=aa", "v1,", "t=,v1="),
        fc.stringMatching(/^[ -~]{0,20}$/),
      );
      fc.assert(
        fc.property(fc.dictionary(fc.constantFrom(...names), value), fc.string(), (fields, body) => {
          assert.throws(
            () => verify({ scheme }, { headers: fields, body, url: "https://a.example/" }, ["c2VjcmV0"]),
            INVALID,
          );
        }),
      );
    });
  }

  test("Standard Webhooks' and Stripe's sign by several secrets at once", () => {
    const secrets = ["bmV3", "b2xk"];
    for (const scheme of [standardWebhooks(), stripeWebhooks()]) {
      const headers = signWebhook({ body: "x" }, { scheme, secrets, now: () => 0 });
      for (const secret of secrets) verify({ scheme }, { headers, body: "x" }, [secret]);
    }
  });
  test("Standard Webhooks' calls a message the same each time it is sent", () => {
    const scheme = standardWebhooks();
    const headers = signWebhook({ body: "x", id: "msg_1" }, { scheme, secrets: ["bmV3"], now: () => 0 });
    assert.equal(verify({ scheme }, { headers, body: "x" }, ["bmV3"]).id, "msg_1");
  });
  test("has no message called by what a field cannot hold, or by a dot, at which it could be taken apart in two ways", () => {
    for (const id of ["a.1", "", "a b", "a\n", "ä"]) {
      const options = { scheme: standardWebhooks(), secrets: ["bmV3"] };
      assert.throws(() => signWebhook({ body: "x", id }, options), { code: "OPTION_INVALID" });
    }
  });
  test("Stripe's refuses a second time, which another reader might take", () => {
    const scheme = stripeWebhooks();
    const { "stripe-signature": signature = "" } = signWebhook({ body: "x" }, { scheme, secrets: ["s"], now: () => 0 });
    assert.throws(
      () => verify({ scheme }, { headers: { "stripe-signature": `${signature},t=9` }, body: "x" }, ["s"]),
      INVALID,
    );
  });
  test("Twilio's refuses content that nothing speaks for", () => {
    const scheme = twilioWebhooks();
    const url = "https://a.example/hook";
    const headers = signWebhook({ body: "", url }, { scheme, secrets: ["s"] });
    verify({ scheme }, { headers, body: "", url }, ["s"]);
    for (const type of ["application/json", "text/plain", "application/x-www-form-urlencodedx"]) {
      assert.throws(
        () => verify({ scheme }, { headers: { ...headers, "content-type": type }, body: "{}", url }, ["s"]),
        INVALID,
      );
    }
  });
  test("looks at sixteen signatures and no more", () => {
    const scheme = standardWebhooks();
    const headers = signWebhook({ body: "x" }, { scheme, secrets: ["bmV3"], now: () => 0 });
    const padded = { ...headers, "webhook-signature": `${"v1,AAAA ".repeat(16)}${headers["webhook-signature"] ?? ""}` };
    assert.throws(() => verify({ scheme }, { headers: padded, body: "x" }, ["bmV3"]), INVALID);
  });
  test("says nothing of a secret where it refuses one", () => {
    assert.throws(
      () => signWebhook({ body: "" }, { scheme: standardWebhooks(), secrets: ["whsec_not base64"] }),
      (error: Error) => {
        assert.doesNotMatch(error.message, /not base64/);
        return true;
      },
    );
  });
});
