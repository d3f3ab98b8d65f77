import { formatAuthorization, parseAuthorization } from "../../../src/oauth1/protocol/authorization-field.ts";
import { formatParameters, parameter, parseParameters } from "../../../src/oauth1/protocol/parameters.ts";
import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, it } from "node:test";

describe("the Authorization field of OAuth (RFC 5849 section 3.5.1)", () => {
  it("is written as the RFC's example", () => {
    const field = formatAuthorization({
      realm: "Example",
      parameters: [
        parameter("oauth_consumer_key", "0685bd9184jfhq22"),
        parameter("oauth_token", "ad180jjd733klru7"),
        parameter("oauth_signature_method", "HMAC-SHA1"),
        parameter("oauth_signature", "wOJIO9A2W5mFwDgiDvZbTSMK/PY="),
        parameter("oauth_timestamp", "137131200"),
        parameter("oauth_nonce", "4572616e48616d6d65724c61686176"),
        parameter("oauth_version", "1.0"),
      ],
    });
    assert.equal(
      field,
      'OAuth realm="Example", oauth_consumer_key="0685bd9184jfhq22", oauth_token="ad180jjd733klru7", ' +
        'oauth_signature_method="HMAC-SHA1", oauth_signature="wOJIO9A2W5mFwDgiDvZbTSMK%2FPY%3D", ' +
        'oauth_timestamp="137131200", oauth_nonce="4572616e48616d6d65724c61686176", oauth_version="1.0"',
    );
  });

  it("is read with whatever space is around commas, without any, and by any case of the scheme", () => {
    for (const field of ['oauth a="1",b="2"', 'OAuth  a="1" ,\t b="2"', 'OAUTH\ta="1", b="2"']) {
      assert.deepEqual(parseAuthorization(field), {
        realm: undefined,
        parameters: [
          ["a", "1"],
          ["b", "2"],
        ],
      });
    }
  });

  it("has a realm that is quoted, not encoded", () => {
    const field = formatAuthorization({ realm: 'a "b" \\ %20', parameters: [] });
    assert.equal(field, 'OAuth realm="a \\"b\\" \\\\ %20"');
    assert.equal(parseAuthorization(field)?.realm, 'a "b" \\ %20');
  });

  it("takes values that a client did not encode", () => {
    assert.deepEqual(parseAuthorization('OAuth oauth_callback="http://a.example/?b+c"')?.parameters, [
      ["oauth_callback", "http%3A%2F%2Fa.example%2F%3Fb%2Bc"],
    ]);
  });

  it("is refused where it breaks the grammar", () => {
    const table = [
      "",
      "OAuth",
      "Bearer abc",
      'OAutha="1"',
      "OAuth a",
      "OAuth a=1",
      'OAuth a="1" b="2"',
      'OAuth a="1",',
      'OAuth a="1',
      'OAuth a="\u0001"',
      'OAuth realm="a", realm="b"',
      `OAuth ${Array.from({ length: 65 }, (_, index) => `a${index.toString()}="1"`).join(",")}`,
    ];
    for (const field of table) assert.equal(parseAuthorization(field), undefined, field);
  });

  it("is read as it was written, whatever is in it", () => {
    const text = fc.string({ unit: "grapheme" });
    const pairs = fc.array(fc.tuple(fc.string({ unit: fc.constantFrom("a", "b", "c", "_"), minLength: 1 }), text), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(pairs, (given) => {
        const parameters = given.map(([name, value]) => parameter(name, value));
        assert.deepEqual(
          parseAuthorization(formatAuthorization({ realm: undefined, parameters }))?.parameters,
          parameters,
        );
        assert.deepEqual(parseParameters(formatParameters(parameters)), parameters);
      }),
    );
  });

  it("is read or not, whatever arrives", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        parseAuthorization(`OAuth ${text}`);
        parseParameters(text);
      }),
    );
  });
});
