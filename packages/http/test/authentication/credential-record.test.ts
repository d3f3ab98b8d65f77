import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  credentialKey,
  decodeCredentialRecord,
  encodeCredentialRecord,
  type CredentialRecord,
} from "../../src/authentication/index.ts";

const record: CredentialRecord = {
  role: "origin",
  origin: "https://a.example",
  partition: "",
  realm: "a realm, with spaces",
  scheme: "digest",
  strength: 7,
  scopes: ["https://a.example/dir/"],
  credentials: { type: "password", username: "me", password: "secret" },
};

describe("stored credentials", () => {
  test("are read as they were written", () => {
    for (const credentials of [record.credentials, { type: "token", token: "t" }, { type: "system" }] as const) {
      const whole = { ...record, credentials };
      assert.deepEqual(decodeCredentialRecord(encodeCredentialRecord(whole)), whole);
    }
  });

  test("are good for their own origin alone, whatever stands in the store", () => {
    const scopes = ["https://b.example/", "nonsense", "https://a.example/x", 1];
    const read = decodeCredentialRecord(JSON.stringify({ ...record, scopes }));
    assert.deepEqual(read?.scopes, ["https://a.example/x"]);
  });

  for (const [name, change] of [
    ["role", "server"],
    ["origin", 1],
    ["partition", undefined],
    ["realm", null],
    ["origin", "\ud800"],
    ["partition", "\ud800"],
    ["realm", "\ud800"],
    ["scheme", "unheard-of"],
    ["strength", "7"],
    ["scopes", {}],
    ["credentials", { type: "password", username: "me" }],
    ["credentials", { type: "token" }],
    ["credentials", "secret"],
  ] as const) {
    test(`are none with the ${name} ${JSON.stringify(change)}`, () => {
      assert.equal(decodeCredentialRecord(JSON.stringify({ ...record, [name]: change })), undefined);
    });
  }

  test("are none, whatever else is there", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        assert.equal(decodeCredentialRecord(text), undefined);
      }),
    );
  });

  test("have a key for each realm, which cannot be that of another", () => {
    const parts = fc.string({ unit: fc.constantFrom("a", " ", "%", "\u00e9") });
    fc.assert(
      fc.property(
        fc.array(parts, { minLength: 6, maxLength: 6 }),
        ([a = "", b = "", c = "", d = "", e = "", f = ""]) => {
          const one = { role: "origin", origin: a, partition: b, realm: c } as const;
          const other = { role: "origin", origin: d, partition: e, realm: f } as const;
          assert.equal(credentialKey(one) === credentialKey(other), a === d && b === e && c === f);
        },
      ),
    );
  });
});
