import { COLLECTIONS, isAbout, readerOf } from "@fairlead/access/memory";
import { encodeAlternative } from "@fairlead/http/alt-svc";
import {
  credentialKey,
  type CredentialRecord,
  encodeCredentialRecord,
  encodeLoginRecord,
  loginKey,
  type LoginRecord,
} from "@fairlead/http/authentication";
import { encodeRedirects } from "@fairlead/http/cache";
import { cookieKey, encodeCookie, type Cookie } from "@fairlead/http/cookies";
import { encodeHstsEntry } from "@fairlead/http/hsts";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import fc from "fast-check";
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { encodeIdentityChoice } from "../../src/agreement/protocol/identity-choice.ts";
import { encodeAddresses } from "../../src/names/protocol/address-record.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const cookie: Cookie = {
  name: "sid",
  value: "1",
  domain: "a.example",
  path: "/",
  hostOnly: true,
  secureOnly: true,
  httpOnly: false,
  sameSite: "Default",
  creationTime: 1,
  expiryTime: 2e12,
  lastAccessTime: 1,
};
const key = cookieKey(cookie);
const line = bytes(encodeCookie(cookie));
const credentials: CredentialRecord = {
  role: "origin",
  origin: "https://a.example",
  partition: "https://news.example",
  realm: "one",
  scheme: "basic",
  strength: 1,
  scopes: [],
  credentials: { type: "password", username: "me", password: "secret" },
};
const redirect = bytes(
  encodeRedirects([
    {
      id: 1,
      content: "",
      status: 308,
      message: "",
      fields: [["location", "https://b.example/new"]],
      requestTime: 1,
      responseTime: 1,
      identity: { authorization: "", cookies: "own", certificate: "" },
      completeLength: 0,
      selectingFields: {},
      parts: [],
    } as never,
  ]),
);
const alternative = encodeAlternative({ host: "alt.example", port: 443, persist: false });
const fingerprint = "ab".repeat(32);
const login: LoginRecord = {
  issuer: "https://login.example/",
  clientId: "tool",
  clientSecret: undefined,
  account: "",
  id: "1a2b3c4d",
  scope: [],
  origins: ["https://a.example"],
  server: {},
};
const authorities = "A".repeat(43);

/** A record that a manager writes, the hosts that it tells of, and records that it never writes. */
const collections: readonly [
  name: string,
  record: readonly [key: string, value: Uint8Array],
  hosts: readonly string[],
  unsound: readonly (readonly [key: string, value: Uint8Array])[],
][] = [
  [
    "hsts",
    ["a.example", encodeHstsEntry({ includeSubDomains: true })],
    ["a.example"],
    [
      ["A.example", encodeHstsEntry({ includeSubDomains: true })],
      ["192.0.2.1", encodeHstsEntry({ includeSubDomains: true })],
      ["a.example/x", encodeHstsEntry({ includeSubDomains: true })],
      ["a.example", bytes("{}")],
    ],
  ],
  [
    "cookies",
    [key, line],
    ["a.example"],
    [
      [`${key}x`, line],
      [key, bytes(encodeCookie({ ...cookie, expiryTime: undefined }))],
      [key, bytes("sid=1")],
    ],
  ],
  [
    "partitioned-cookies",
    [`https://news.example ${key}`, line],
    ["a.example", "news.example"],
    [
      [key, line],
      [`news.example ${key}`, line],
      [`https://news.example/x ${key}`, line],
    ],
  ],
  [
    "permanent-redirects",
    ["https://news.example https://a.example/old", redirect],
    ["a.example", "b.example", "news.example"],
    [
      ["https://news.example", redirect],
      ["https://news.example a.example", redirect],
      ["https://news.example https://a.example/old", bytes("[]")],
    ],
  ],
  [
    "credentials",
    [credentialKey(credentials), bytes(encodeCredentialRecord(credentials))],
    ["a.example", "news.example"],
    [
      ["a.example", bytes(encodeCredentialRecord(credentials))],
      [credentialKey(credentials), bytes("{}")],
    ],
  ],
  [
    "oauth-logins",
    [loginKey(login), bytes(encodeLoginRecord(login))],
    ["login.example", "a.example"],
    [
      ["https://login.example/ tool", bytes(encodeLoginRecord(login))],
      [loginKey(login), bytes(encodeLoginRecord({ ...login, origins: ["a.example"] }))],
    ],
  ],
  [
    "alt-svc",
    ["https://news.example https://a.example", alternative],
    ["a.example", "news.example", "alt.example"],
    [
      ["https://a.example/", alternative],
      ["news.example https://a.example", alternative],
      ["https://a.example", bytes("{}")],
    ],
  ],
  [
    "certificate-exceptions",
    ["[2001:db8::1]:443", bytes(`${fingerprint}:EXPIRED never\n${fingerprint}:EXPIRED,HOST_MISMATCH 1900000000000`)],
    ["[2001:db8::1]"],
    [
      ["a.example:443", bytes("anything")],
      ["a.example:443", bytes(fingerprint)],
      ["a.example:443", bytes(`${fingerprint}:EXPIRED tomorrow`)],
      ["a b:443", bytes(`${fingerprint}:EXPIRED never`)],
      ["a.example:443", bytes(Array<string>(9).fill(`${fingerprint}:EXPIRED never`).join("\n"))],
    ],
  ],
  [
    "client-identities",
    [`https://news.example https://a.example ${authorities}`, encodeIdentityChoice({ identity: fingerprint })],
    ["news.example", "a.example"],
    [
      [`https://a.example ${authorities}`, encodeIdentityChoice({ identity: null })],
      [` https://a.example/x ${authorities}`, encodeIdentityChoice({ identity: null })],
      [` https://a.example ${authorities}`, bytes('{"identity":"PRIVATE KEY"}')],
    ],
  ],
  [
    "resolved-addresses",
    ["https://news.example a.example", encodeAddresses(["192.0.2.1"])],
    ["a.example", "news.example"],
    [
      ["a.example", bytes('["evil.example"]')],
      ["a.example:1", encodeAddresses(["192.0.2.1"])],
    ],
  ],
];

for (const [name, [goodKey, value], hosts, unsound] of collections) {
  describe(`the reader of ${name}`, () => {
    const { describe: told, isSound, hosts: hostsOf, columns } = readerOf(name);

    test("knows what a manager writes, and of whom it tells", () => {
      const record = { key: goodKey, value };
      assert.equal(isSound(record), true);
      assert.deepEqual([...hostsOf(record)].sort(), [...hosts].sort());
      for (const host of hosts) assert.equal(isAbout(name, record, host.toUpperCase()), true, host);
      assert.equal(isAbout(name, record, "other.example"), false);
      assert.deepEqual(
        Object.keys(told(record)).filter((fact) => !columns.includes(fact)),
        [],
      );
    });

    for (const [badKey, badValue] of unsound) {
      test(`refuses ${JSON.stringify(badKey)} with ${Buffer.from(badValue).toString().slice(0, 40)}`, () => {
        assert.equal(isSound({ key: badKey, value: badValue }), false);
      });
    }
  });
}

test("every collection has a reader, which takes whatever arrives, and a secret that it tells is none", () => {
  for (const name of Object.keys(COLLECTIONS)) {
    const { isSound, hosts, describe: told, holds } = readerOf(name);
    assert.notEqual(holds, readerOf("unknown").holds, name);
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.uint8Array(), fc.json().map(bytes)), (anyKey, value) => {
        const record = { key: anyKey, value };
        isSound(record);
        hosts(record);
        told(record);
      }),
      { numRuns: 200 },
    );
  }
  assert.doesNotMatch(
    JSON.stringify(readerOf("credentials").describe({ key: "", value: bytes(encodeCredentialRecord(credentials)) })),
    /secret/,
  );
});

test("an intermediate is a certificate under its own fingerprint, and tells of no host", async () => {
  const authority = await mintAuthority();
  const { raw } = new X509Certificate(authority.certificate);
  const { isSound, hosts } = readerOf("tls-intermediates");
  const own = createHash("sha256").update(raw).digest("hex");
  assert.equal(isSound({ key: `${fingerprint}.${own}`, value: raw }), true);
  assert.equal(isSound({ key: `${fingerprint}.${fingerprint}`, value: raw }), false);
  assert.deepEqual(hosts({ key: `${fingerprint}.${own}`, value: raw }), []);
  // Whoever has a certificate for all hosts beneath one is not at the host above it.
  const { leaf } = await mintCertificate({ issuer: authority, names: ["*.a.example", "::1"] });
  assert.equal(new X509Certificate(leaf).subjectAltName?.includes("*.a.example"), true);
});
