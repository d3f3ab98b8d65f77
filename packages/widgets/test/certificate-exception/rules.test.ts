import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { compareWithSeen } from "../../src/certificate-exception/rules/compare-with-seen.ts";
import {
  accepts,
  advanceAct,
  beginAct,
  type DeliberateAct,
  type DeliberateStep,
  missingStep,
  OPENING_DELAY_MILLISECONDS as delay,
} from "../../src/certificate-exception/rules/deliberate-act.ts";
import { exceptionBarrier } from "../../src/certificate-exception/rules/exception-barrier.ts";
import { exceptionRisk } from "../../src/certificate-exception/rules/exception-risk.ts";
import { harbourIssuer, harbourLeaf } from "../../gallery/harbour-certificates.ts";

const host = "shop.test";
const details: DeliberateStep = { type: "details-opened" };
const typed: DeliberateStep = { type: "host-typed", text: host };

describe("exceptionBarrier", () => {
  const barriers: readonly (readonly [
    title: string,
    asked: Parameters<typeof exceptionBarrier>[0],
    barrier: unknown,
  ])[] = [
    [
      "allows the question about an expired certificate",
      { hsts: false, problems: [{ code: "EXPIRED" }], fingerprint: "aa" },
      undefined,
    ],
    ["allows none for a host with HSTS", { hsts: true, problems: [{ code: "REVOKED" }], fingerprint: "aa" }, "hsts"],
    [
      "allows none for what is revoked",
      { hsts: false, problems: [{ code: "EXPIRED" }, { code: "REVOKED" }], fingerprint: "aa" },
      "revoked",
    ],
    ["allows none against a pin", { hsts: false, problems: [{ code: "PIN_MISMATCH" }], fingerprint: "aa" }, "pinned"],
    [
      "allows none for what cannot be read",
      { hsts: false, problems: [{ code: "CERTIFICATE_MALFORMED" }], fingerprint: "aa" },
      "unreadable",
    ],
    ["allows none without a certificate", { hsts: false, problems: [], fingerprint: undefined }, "unreadable"],
  ];
  for (const [title, asked, barrier] of barriers) {
    test(title, () => {
      assert.equal(exceptionBarrier(asked), barrier);
    });
  }
});

describe("exceptionRisk", () => {
  test("is the worst of all", () => {
    assert.equal(exceptionRisk(["expired"]), "lapsed");
    assert.equal(exceptionRisk(["expired", "weak"]), "unproven");
    assert.equal(exceptionRisk(["expired", "weak", "other-host"]), "interception");
    assert.equal(exceptionRisk([]), "interception");
  });
});

describe("compareWithSeen", () => {
  const seen = { fingerprint: "00", publicKeyPin: "pin", lastSeen: 0, wasVerified: false };

  test("tells the same certificate, the same key and another key apart", () => {
    const { fingerprints, publicKeyPin } = harbourLeaf;
    assert.equal(
      compareWithSeen(harbourLeaf, { ...seen, fingerprint: fingerprints.sha256.toUpperCase() }),
      "same-certificate",
    );
    assert.equal(compareWithSeen(harbourLeaf, { ...seen, publicKeyPin }), "same-key");
    assert.equal(compareWithSeen(harbourLeaf, { ...seen, publicKeyPin: harbourIssuer.publicKeyPin }), "changed");
    assert.equal(compareWithSeen(harbourLeaf, { ...seen, wasVerified: true }), "changed-from-verified");
  });
});

describe("a deliberate act", () => {
  test("is complete when the details were opened and the host was typed, in any order", () => {
    assert.equal(missingStep(after([]), host), "details");
    assert.equal(missingStep(after([typed]), host), "details");
    assert.equal(missingStep(after([details]), host), "host");
    assert.equal(missingStep(after([details, typed]), host), undefined);
    assert.equal(missingStep(after([typed, details]), host), undefined);
  });

  const hosts: readonly (readonly [typed: string, host: string, fits: boolean])[] = [
    [" SHOP.test. ", "shop.test", true],
    ["shop", "shop.test", false],
    ["", "", false],
    ["::1", "[::1]", true],
    ["a⟨U+202E⟩b.test", "a\u202eb.test", true],
  ];
  for (const [text, asked, fits] of hosts) {
    test(`${JSON.stringify(text)} ${fits ? "names" : "does not name"} ${JSON.stringify(asked)}`, () => {
      assert.equal(missingStep(after([details, { type: "host-typed", text }]), asked), fits ? undefined : "host");
    });
  }

  test("is pressed by a key at once, and by a pointer when the delay is over", () => {
    const act = after([details, typed]);
    assert.equal(accepts(act, host, { by: "key" }), true);
    assert.equal(accepts(act, host, { by: "pointer", began: delay - 1, clicks: 1 }), false);
    assert.equal(accepts(act, host, { by: "pointer", began: delay, clicks: 1 }), true);
  });

  test("is not done by the second click of two, nor by a press that began elsewhere", () => {
    const act = after([details, typed]);
    assert.equal(accepts(act, host, { by: "pointer", began: 2 * delay, clicks: 2 }), false);
    assert.equal(accepts(act, host, { by: "pointer", began: undefined, clicks: 1 }), false);
  });

  test("waits again for the pointer when the window came back", () => {
    const act = after([details, typed, { type: "disturbed", at: 5_000 }]);
    assert.equal(accepts(act, host, { by: "pointer", began: 5_000 + delay - 1, clicks: 1 }), false);
    assert.equal(accepts(act, host, { by: "pointer", began: 5_000 + delay, clicks: 1 }), true);
  });

  test("begins anew when it is about something else", () => {
    assert.equal(missingStep(after([details, typed, { type: "subject-changed", at: 5_000 }]), host), "details");
  });

  test("is nothing any more once it is over, whatever follows", () => {
    const step = fc.oneof(
      fc.constant(details),
      fc.constant(typed),
      fc.record({ type: fc.constantFrom("disturbed" as const, "subject-changed" as const), at: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(step), fc.array(step), (before, later) => {
        const act = after([...before, { type: "over" }, ...later]);
        assert.equal(accepts(act, host, { by: "key" }), false);
        assert.equal(accepts(act, host, { by: "pointer", began: Number.MAX_SAFE_INTEGER, clicks: 1 }), false);
      }),
    );
  });
});

function after(steps: readonly DeliberateStep[]): DeliberateAct {
  return steps.reduce(advanceAct, beginAct(0));
}
