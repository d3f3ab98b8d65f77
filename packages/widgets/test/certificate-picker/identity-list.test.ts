import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { filterIdentities, listIdentities, onlyIdentity } from "../../src/certificate-picker/rules/identity-list.ts";

const now = Date.UTC(2026, 10, 22);
const identity = { fingerprint: "a", subject: "CN=Jana", issuer: "CN=People CA", notAfter: "2027-01-01T00:00:00Z" };
const expired = { ...identity, fingerprint: "b", notAfter: "2026-11-21T00:00:00Z" };
const early = { ...identity, fingerprint: "c", notBefore: "2026-12-01T00:00:00Z" };
const unreadable = { ...identity, fingerprint: "d", notAfter: "never" };

describe("identities", () => {
  test("stand in their order, those that are not valid behind the others, with their reason", () => {
    const listed = listIdentities([expired, early, identity, unreadable], now);
    assert.deepEqual(
      listed.map((each) => [each.identity.fingerprint, each.state]),
      [
        ["a", "valid"],
        ["b", "expired"],
        ["c", "not-yet-valid"],
        ["d", "unreadable"],
      ],
    );
  });

  test("are valid until the end of their last second", () => {
    assert.equal(listIdentities([identity], Date.UTC(2027, 0, 1))[0]?.state, "valid");
    assert.equal(listIdentities([identity], Date.UTC(2027, 0, 1) + 1)[0]?.state, "expired");
  });

  test("are chosen beforehand where there is but one, and it is valid", () => {
    assert.equal(onlyIdentity(listIdentities([identity], now)), "a");
    assert.equal(onlyIdentity(listIdentities([expired], now)), undefined);
    assert.equal(onlyIdentity(listIdentities([identity, expired], now)), undefined);
    assert.equal(onlyIdentity([]), undefined);
  });

  test("are found by words of subject and issuer, in any case and order", () => {
    const listed = listIdentities([identity, { ...expired, subject: "CN=Robot" }], now);
    assert.deepEqual(
      filterIdentities(listed, " people JANA ").map((each) => each.identity.fingerprint),
      ["a"],
    );
    assert.equal(filterIdentities(listed, "").length, 2);
    assert.equal(filterIdentities(listed, "nobody").length, 0);
  });
});
