import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  decodeOAuth1TokenRecord,
  encodeOAuth1TokenRecord,
  oauth1TokenKey,
  type OAuth1TokenRecord,
} from "../../src/authentication/index.ts";

const record: OAuth1TokenRecord = {
  service: "https://photos.example",
  consumerKey: "a printer",
  account: "",
  token: "t",
  tokenSecret: "",
  parameters: { screen_name: "Ada" },
};

describe("the record of a token of OAuth 1", () => {
  it("is read as it was written, under its own key", () => {
    assert.deepEqual(decodeOAuth1TokenRecord(oauth1TokenKey(record), encodeOAuth1TokenRecord(record)), record);
    assert.equal(oauth1TokenKey(record), "oauth1 https://photos.example a%20printer ");
    const other = oauth1TokenKey({ ...record, account: "work" });
    assert.equal(decodeOAuth1TokenRecord(other, encodeOAuth1TokenRecord(record)), undefined);
  });

  it("is none where anything of it cannot be", () => {
    const table: readonly Readonly<Record<string, unknown>>[] = [
      { service: "https://photos.example/" },
      { consumerKey: 1 },
      { account: undefined },
      { token: "" },
      { tokenSecret: undefined },
      { parameters: [] },
      { parameters: { a: 1 } },
    ];
    for (const change of table) {
      const text = JSON.stringify({ ...record, ...change });
      assert.equal(decodeOAuth1TokenRecord(oauth1TokenKey(record), text), undefined, text);
    }
  });

  it("is none, or one, whatever is stored", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        assert.equal(decodeOAuth1TokenRecord("oauth1 a b c", text), undefined);
      }),
    );
  });
});
