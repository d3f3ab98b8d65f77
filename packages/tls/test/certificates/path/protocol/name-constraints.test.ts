import assert from "node:assert/strict";
import { test } from "node:test";
import type { GeneralName } from "../../../../src/certificates/path/protocol/general-name.ts";
import {
  judgeName,
  malformedConstraint,
  type NameVerdict,
} from "../../../../src/certificates/path/protocol/name-constraints.ts";

const of = (type: "dns" | "mail" | "uri", value: string): GeneralName => ({ type, value });
const ip = (...value: readonly number[]): GeneralName => ({ type: "ip", value: Uint8Array.from(value) });

const permitted: readonly (readonly [name: GeneralName, base: GeneralName, verdict: NameVerdict])[] = [
  [of("dns", "a.test"), of("dns", "a.test"), "within"],
  [of("dns", "b.A.test"), of("dns", "a.TEST"), "within"],
  [of("dns", "ba.test"), of("dns", "a.test"), "not-permitted"],
  [of("dns", "a.test"), of("dns", ""), "within"],
  [of("dns", "*.a.test"), of("dns", "a.test"), "within"],
  [of("dns", "*.a.test"), of("dns", "b.a.test"), "not-permitted"],
  [of("dns", "a.test"), of("mail", "b.test"), "within"],
  [of("mail", "me@a.test"), of("mail", "a.test"), "within"],
  [of("mail", "me@b.a.test"), of("mail", "a.test"), "not-permitted"],
  [of("mail", "me@b.a.test"), of("mail", ".a.test"), "within"],
  [of("mail", "me@a.test"), of("mail", ".a.test"), "not-permitted"],
  [of("mail", "me@A.TEST"), of("mail", "me@a.test"), "within"],
  [of("mail", "ME@a.test"), of("mail", "me@a.test"), "not-permitted"],
  [of("uri", "https://a.test/x"), of("uri", "a.test"), "within"],
  [of("uri", "https://u@a.test:8443/x"), of("uri", "a.test"), "within"],
  [of("uri", "https://b.a.test"), of("uri", "a.test"), "not-permitted"],
  [of("uri", "https://b.a.test"), of("uri", ".a.test"), "within"],
  [of("uri", "https://a.test"), of("uri", ".a.test"), "not-permitted"],
  [of("uri", "https://a.test@evil.test/"), of("uri", "a.test"), "not-permitted"],
  [of("uri", "https://evil.test/@a.test"), of("uri", "a.test"), "not-permitted"],
  [of("uri", "https://1.2.3.4/"), of("uri", ""), "not-permitted"],
  [of("uri", "urn:a.test"), of("uri", ""), "not-permitted"],
  [ip(10, 1, 2, 3), ip(10, 0, 0, 0, 255, 0, 0, 0), "within"],
  [ip(11, 1, 2, 3), ip(10, 0, 0, 0, 255, 0, 0, 0), "not-permitted"],
  [ip(10, 1, 2, 3), ip(...Array.from({ length: 32 }, () => 0)), "not-permitted"],
  [{ type: "unsupported", form: 0 }, { type: "unsupported", form: 0 }, "unsupported"],
  [{ type: "unsupported", form: 0 }, { type: "unsupported", form: 8 }, "within"],
];
for (const [name, base, verdict] of permitted) {
  test(`${show(name)} with ${show(base)} permitted is ${verdict} (RFC 5280 section 4.2.1.10)`, () => {
    assert.equal(judgeName(name, { permitted: [base], excluded: [] }), verdict);
  });
}

const excluded: readonly (readonly [name: GeneralName, base: GeneralName, verdict: NameVerdict])[] = [
  [of("dns", "b.a.test"), of("dns", "a.test"), "excluded"],
  [of("dns", "*.a.test"), of("dns", "b.a.test"), "excluded"],
  [of("dns", "*.a.test"), of("dns", "c.b.a.test"), "within"],
  [of("dns", "*.a.test"), of("dns", "test"), "excluded"],
  [of("dns", "c.test"), of("dns", "a.test"), "within"],
  [of("uri", "urn:x"), of("uri", "a.test"), "excluded"],
  [of("mail", "a@b@c"), of("mail", "a.test"), "excluded"],
  [of("mail", "a@b.test"), of("mail", "a.test"), "within"],
  [ip(10, 1, 2, 3), ip(10, 0, 0, 0, 255, 0, 0, 0), "excluded"],
];
for (const [name, base, verdict] of excluded) {
  test(`${show(name)} with ${show(base)} excluded is ${verdict}`, () => {
    assert.equal(judgeName(name, { permitted: [], excluded: [base] }), verdict);
  });
}

const malformed: readonly (readonly [base: GeneralName, good: boolean])[] = [
  [of("dns", "a.test"), true],
  [of("dns", ""), true],
  [of("dns", ".a.test"), false],
  [of("dns", "*.a.test"), false],
  [of("mail", ".a.test"), true],
  [of("mail", "a@b@c"), false],
  [of("uri", ".a.test"), true],
  [of("uri", "https://a.test"), false],
  [ip(10, 0, 0, 0, 255, 0, 255, 0), false],
  [ip(10, 0, 0, 0), false],
  [ip(10, 0, 0, 0, 254, 0, 0, 0), true],
];
for (const [base, good] of malformed) {
  test(`a constraint to ${show(base)} is ${good ? "one" : "malformed"}`, () => {
    assert.equal(malformedConstraint({ permitted: [base], excluded: [] }) === undefined, good);
    assert.equal(malformedConstraint({ permitted: [], excluded: [base] }) === undefined, good);
  });
}

function show(name: GeneralName): string {
  if (name.type === "unsupported") return `form ${String(name.form)}`;
  if (name.type === "directory") return name.value.text;
  return `${name.type} ${name.type === "ip" ? name.value.join(".") : name.value}`;
}
