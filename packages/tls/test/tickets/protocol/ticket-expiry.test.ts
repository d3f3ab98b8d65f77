import assert from "node:assert/strict";
import { test } from "node:test";
import { isSingleUse, ticketExpiry } from "../../../src/index.ts";

const second = 1_000;
const day = 86_400 * second;
const now = 1_800_000_000 * second;
const never = now + 10_000 * day;

const table: readonly (readonly [title: string, facts: Partial<Facts>, expiry: number])[] = [
  ["the server's lifetime", { lifetimeSeconds: 7_200 }, now + 7_200 * second],
  ["seven days at most (RFC 8446 section 4.6.1)", { lifetimeSeconds: 30 * 86_400 }, now + 7 * day],
  ["no longer than the certificate", { lifetimeSeconds: 86_400, notAfter: now + 5 * second }, now + 5 * second],
  ["counted from when the session began", { createdAt: now - 60 * second, lifetimeSeconds: 90 }, now + 30 * second],
  [
    "counted from now when it claims to come from the future",
    { createdAt: now + day, lifetimeSeconds: 90 },
    now + 90 * second,
  ],
  ["at once for a lifetime of zero (RFC 8446 section 4.6.1)", { lifetimeSeconds: 0 }, now],
  [
    "24 hours in TLS 1.2 when none was said (RFC 5077 section 3.3)",
    { version: "TLSv1.2", lifetimeSeconds: 0 },
    now + day,
  ],
  ["the server's lifetime in TLS 1.2", { version: "TLSv1.2", lifetimeSeconds: 300 }, now + 300 * second],
];
for (const [title, facts, expiry] of table) {
  test(`a ticket lasts: ${title}`, () => {
    const { notAfter = never, version = "TLSv1.3", createdAt = now, lifetimeSeconds = 0 } = facts;
    assert.equal(
      ticketExpiry({ now, session: { version, createdAt, lifetimeSeconds }, certificateNotAfter: notAfter }),
      expiry,
    );
  });
}

test("a ticket of TLS 1.3 is used once (RFC 8446 section C.4)", () => {
  assert.deepEqual([isSingleUse("TLSv1.3"), isSingleUse("TLSv1.2")], [true, false]);
});

interface Facts {
  readonly version: "TLSv1.2" | "TLSv1.3";
  readonly createdAt: number;
  readonly lifetimeSeconds: number;
  readonly notAfter: number;
}
