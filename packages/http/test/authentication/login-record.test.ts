import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeLoginRecord, encodeLoginRecord, loginKey, type LoginRecord } from "../../src/authentication/index.ts";

const record: LoginRecord = {
  issuer: "https://login.example/tenant",
  clientId: "a tool",
  clientSecret: "s",
  account: "at work",
  id: "1a2b3c4d",
  scope: ["openid", "read"],
  origins: ["https://api.example", "http://127.0.0.1:8080"],
  server: { issuer: "https://login.example/tenant", token_endpoint: "https://login.example/token" },
};

describe("the record of a login", () => {
  it("is read as it was written, under its own key", () => {
    for (const each of [record, { ...record, clientSecret: undefined, account: "", scope: [], origins: [] }]) {
      assert.deepEqual(decodeLoginRecord(loginKey(each), encodeLoginRecord(each)), each);
    }
    assert.equal(loginKey(record), "https://login.example/tenant a%20tool at%20work");
  });

  it("is none where anything of it cannot be", () => {
    const table: readonly Readonly<Record<string, unknown>>[] = [
      { issuer: "login.example" },
      { issuer: 1 },
      { clientId: undefined },
      { clientSecret: 1 },
      { account: null },
      { id: "" },
      { id: "a b c d e f" },
      { scope: "openid" },
      { scope: [1] },
      { origins: ["https://api.example/"] },
      { origins: ["null"] },
      { server: [] },
      { server: undefined },
    ];
    for (const change of table) {
      assert.equal(decodeLoginRecord(loginKey(record), JSON.stringify({ ...record, ...change })), undefined);
    }
    assert.equal(decodeLoginRecord(loginKey({ ...record, account: "other" }), encodeLoginRecord(record)), undefined);
  });

  it("is none, or one, whatever is stored", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        assert.equal(decodeLoginRecord("a b c", text), undefined);
      }),
    );
  });
});
