import { startPeer } from "@fairlead/conformance/peers";
import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, it } from "node:test";
import { memoryNonces, oauth1Authenticator, verifyOAuth1, type SignatureMethod } from "../../src/oauth1/index.ts";

/** A request as both libraries are told it. */
interface Case {
  readonly method: SignatureMethod;
  readonly verb: string;
  readonly url: string;
  /** The content of a form. */
  readonly form: string | null;
}

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const privatePem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const publicPem = createPublicKey(publicKey.export({ type: "spki", format: "pem" }))
  .export({ type: "spki", format: "pem" })
  .toString();
const who = { consumerKey: "consumer-key-of-20-at-least", token: "token-of-20-letters-at-least" };
const secrets = { consumerSecret: "c s&=%/ü", tokenSecret: "t+s~☃" };

const requests: readonly Omit<Case, "method">[] = [
  { verb: "GET", url: "https://api.example/", form: null },
  { verb: "GET", url: "https://API.example:443/a%20b/;c=d?b5=%3D%253D&a3=a&c%40=&a2=r%20b&a2", form: null },
  { verb: "DELETE", url: "https://api.example:8443/a?q=%E2%98%83&q=+", form: null },
  {
    verb: "POST",
    url: "https://api.example/update?include_entities=true",
    form: "status=Ladies+%26+Gentlemen%21&c2&a3=2+q",
  },
  { verb: "PUT", url: "https://[::1]:8443/form", form: "%7Ea=%2a%27%28&b=1&b=0&b=01&a%21=&a=" },
];
const cases: readonly Case[] = (["HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1", "PLAINTEXT"] as const).flatMap((method) =>
  requests.map((request) => ({ ...request, method })),
);

/** Has oauthlib sign all cases, and verify what was signed here. */
const program = `
import json, sys
from oauthlib import oauth1
given = json.load(sys.stdin)
secrets, who = given["secrets"], given["who"]

class Validator(oauth1.RequestValidator):
    allowed_signature_methods = ("HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1", "PLAINTEXT")
    dummy_client = "nobody"
    dummy_access_token = "nothing"
    def validate_timestamp_and_nonce(self, *args, **more): return True
    def validate_client_key(self, key, request): return key == who["consumerKey"]
    def validate_access_token(self, key, token, request): return token == who["token"]
    def validate_realms(self, *args, **more): return True
    def get_client_secret(self, key, request): return secrets["consumerSecret"]
    def get_access_token_secret(self, key, token, request): return secrets["tokenSecret"]
    def get_rsa_key(self, key, request): return given["publicKey"]
    @property
    def safe_characters(self): return super().safe_characters | {"-"}

server = oauth1.ResourceEndpoint(Validator())
FORM = "application/x-www-form-urlencoded"

def sign(case, place):
    rsa = case["method"] == "RSA-SHA1"
    client = oauth1.Client(who["consumerKey"], client_secret=None if rsa else secrets["consumerSecret"],
        resource_owner_key=who["token"], resource_owner_secret=secrets["tokenSecret"],
        signature_method=case["method"], signature_type=place, rsa_key=given["privateKey"] if rsa else None)
    headers = {} if case["form"] is None else {"Content-Type": FORM}
    url, headers, body = client.sign(case["url"], case["verb"], case["form"], headers)
    return {"url": url, "headers": headers, "body": body}

def verify(case, field):
    headers = {"Authorization": field}
    if case["form"] is not None: headers["Content-Type"] = FORM
    valid, request = server.validate_protected_resource_request(case["url"], case["verb"], case["form"], headers)
    return valid

print(json.dumps({
    "signed": [[sign(case, place) for case in given["cases"] if place != "BODY" or case["form"] is not None]
        for place in ("AUTH_HEADER", "QUERY", "BODY")],
    "verified": [verify(case, field) for case, field in zip(given["cases"], given["fields"])],
    "spoiled": [verify(case, field) for case, field in zip(given["cases"], given["spoiled"])],
}))`;

interface Signed {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

interface Answer {
  readonly signed: readonly (readonly Signed[])[];
  readonly verified: readonly boolean[];
  readonly spoiled: readonly boolean[];
}

async function askOauthlib(fields: readonly string[], spoiled: readonly string[]): Promise<Answer> {
  // The one that Debian's packages are for, whatever else there is.
  await using python = await startPeer("/usr/bin/python3", ["-c", program]);
  python.type(JSON.stringify({ secrets, who, publicKey: publicPem, privateKey: privatePem, cases, fields, spoiled }));
  python.endInput();
  assert.equal(await python.ended(), 0, python.output);
  // The program above wrote it.
  return JSON.parse(python.output) as Answer;
}

async function sign({ method, verb, url, form }: Case): Promise<string> {
  const keys = method === "RSA-SHA1" ? { privateKey: privatePem, tokenSecret: secrets.tokenSecret } : secrets;
  const authenticator = oauth1Authenticator({ ...who, ...keys, method, origins: [url] });
  const fields = form === null ? [] : ["Content-Type", "application/x-www-form-urlencoded"];
  const content = form ?? undefined;
  const asked = { method: verb, url: new URL(url), fields, content, partition: "", signal: undefined };
  return (await authenticator.authenticate(asked))?.[1] ?? "";
}

describe("oauthlib", () => {
  it("signs what is believed here, and believes what is signed here, whatever the method and the place", async () => {
    const fields = await Promise.all(cases.map(sign));
    const spoiled = fields.map((field) =>
      field.replace(
        /(oauth_signature=")(%..|.)/,
        (_, name: string, first: string) => name + (first === "A" ? "B" : "A"),
      ),
    );
    const answer = await askOauthlib(fields, spoiled);
    assert.deepEqual(
      answer.verified,
      cases.map(() => true),
    );
    assert.deepEqual(
      answer.spoiled,
      cases.map(() => false),
    );
    const methods: readonly SignatureMethod[] = ["HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1", "PLAINTEXT"];
    const nonceSeen = memoryNonces();
    let believed = 0;
    for (const [place, all] of answer.signed.entries()) {
      const asked = cases.filter(({ form }) => place < 2 || form !== null);
      for (const [index, { url, headers, body }] of all.entries()) {
        const { verb = "", method = "" } = asked[index] ?? {};
        const isRsa = method === "RSA-SHA1";
        const signer = await verifyOAuth1(new Request(url, { method: verb, headers, body }), {
          secretOf: () => (isRsa ? { publicKey: publicPem } : secrets),
          nonceSeen,
          methods,
        });
        assert.deepEqual([signer.consumerKey, signer.token, signer.method], [who.consumerKey, who.token, method]);
        believed += 1;
      }
    }
    assert.equal(believed, 2 * cases.length + (2 / 5) * cases.length);
  });
});
