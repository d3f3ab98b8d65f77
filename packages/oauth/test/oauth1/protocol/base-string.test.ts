import { signatureBaseString } from "../../../src/oauth1/protocol/base-string.ts";
import { baseStringUri } from "../../../src/oauth1/protocol/base-string.ts";
import { parseAuthorization } from "../../../src/oauth1/protocol/authorization-field.ts";
import { normalizeParameters, parseParameters } from "../../../src/oauth1/protocol/parameters.ts";
import { signedParameters } from "../../../src/oauth1/protocol/protocol-parameters.ts";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { example } from "../examples.ts";

describe("the signature base string", () => {
  const { url, authorization, form } = example;
  const field = parseAuthorization(authorization);
  const parameters = signedParameters(url, field?.parameters ?? [], form);

  it("has the parameters of query, field and form, decoded (RFC 5849 section 3.4.1.3.1)", () => {
    assert.equal(field?.realm, "Example");
    assert.deepEqual(
      parameters.map((each) => each.map((text) => decodeURIComponent(text))),
      [
        ["b5", "=%3D"],
        ["a3", "a"],
        ["c@", ""],
        ["a2", "r b"],
        ["oauth_consumer_key", "9djdj82h48djs9d2"],
        ["oauth_token", "kkk9d7dh3k39sjv7"],
        ["oauth_signature_method", "HMAC-SHA1"],
        ["oauth_timestamp", "137131201"],
        ["oauth_nonce", "7d8f3e4a"],
        ["c2", ""],
        ["a3", "2 q"],
      ],
    );
  });

  it("has them encoded, sorted and joined (RFC 5849 section 3.4.1.3.2)", () => {
    assert.equal(
      normalizeParameters(parameters),
      "a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=&oauth_consumer_key=9djdj82h48djs9d2&oauth_nonce=7d8f3e4a" +
        "&oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131201&oauth_token=kkk9d7dh3k39sjv7",
    );
  });

  it("is method, URL and parameters, each encoded (RFC 5849 section 3.4.1.1)", () => {
    assert.equal(
      signatureBaseString("post", url, parameters),
      "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26" +
        "c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26" +
        "oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
    );
  });

  it("names the URL without query and the scheme's own port, its host in lower case (RFC 5849 section 3.4.1.2)", () => {
    const table = [
      ["http://EXAMPLE.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X"],
      ["https://www.example.net:8080/?q=1", "https://www.example.net:8080/"],
      ["https://www.example.net:443", "https://www.example.net/"],
      ["http://www.example.net:443/", "http://www.example.net:443/"],
      ["https://me:secret@[::1]:80/a;b=1#c", "https://[::1]:80/a;b=1"],
    ] as const;
    for (const [given, expected] of table) assert.equal(baseStringUri(new URL(given)), expected);
  });

  it("sorts by the bytes of names, then of values (wiki.oauth.net, TestCases)", () => {
    const table = [
      ["name=", "name="],
      ["a=b", "a=b"],
      ["a=b&c=d", "a=b&c=d"],
      ["a=x!y&a=x+y", "a=x%20y&a=x%21y"],
      ["x!y=a&x=a", "x=a&x%21y=a"],
      ["a=1&c=hi there&f=50&f=25&f=a&z=t&z=p", "a=1&c=hi%20there&f=25&f=50&f=a&z=p&z=t"],
      ["a-b=1&a=2", "a=2&a-b=1"],
      ["%E2%98%83=1&z=1", "%E2%98%83=1&z=1"],
    ] as const;
    for (const [given, expected] of table) assert.equal(normalizeParameters(parseParameters(given)), expected);
  });
});
