import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyPath } from "../../../src/certificates/index.ts";
import { der, integer, mint, type Minted, mintKeys, oid } from "../mint.ts";

type Extensions = NonNullable<Minted["extensions"]>;

const keys = [mintKeys(), mintKeys(), mintKeys()] as const;
const any = "2.5.29.32.0";

const policies = (...oids: readonly string[]): Extensions => ({
  "2.5.29.32": { value: der(0x30, ...oids.map((each) => der(0x30, oid(each)))) },
});
const requireExplicit = (skip: number): Extensions => ({
  "2.5.29.36": { critical: true, value: der(0x30, der(0x80, integer(skip).subarray(2))) },
});
const inhibitMapping: Extensions = {
  "2.5.29.36": { critical: true, value: der(0x30, der(0x80, Buffer.of(0)), der(0x81, Buffer.of(0))) },
};
const mapping = (from: string, to: string): Extensions => ({
  "2.5.29.33": { critical: true, value: der(0x30, der(0x30, oid(from), oid(to))) },
});
const inhibitAny: Extensions = { "2.5.29.54": { critical: true, value: integer(0) } };

const table: readonly (readonly [
  title: string,
  upper: Extensions,
  lower: Extensions,
  leaf: Extensions,
  good: boolean,
])[] = [
  ["nobody requires one and nobody has one", {}, {}, {}, true],
  ["policies differ and nobody requires one", policies("1.2.3"), policies("1.2.4"), policies("1.2.5"), true],
  [
    "one is required and shared",
    { ...requireExplicit(0), ...policies("1.2.3") },
    policies("1.2.3", "1.2.4"),
    policies("1.2.3"),
    true,
  ],
  [
    "one is required and the leaf has another",
    { ...requireExplicit(0), ...policies("1.2.3") },
    policies("1.2.3"),
    policies("1.2.4"),
    false,
  ],
  [
    "one is required and the leaf has none",
    { ...requireExplicit(0), ...policies("1.2.3") },
    policies("1.2.3"),
    {},
    false,
  ],
  ["one is required further down than the path goes", { ...requireExplicit(5) }, {}, {}, true],
  ["one is required two below", requireExplicit(2), {}, {}, false],
  ["any policy stands for each", { ...requireExplicit(0), ...policies(any) }, policies(any), policies("1.2.3"), true],
  [
    "any policy is inhibited",
    { ...requireExplicit(0), ...inhibitAny, ...policies("1.2.3") },
    policies(any),
    policies("1.2.3"),
    false,
  ],
  [
    "a policy is mapped",
    { ...requireExplicit(0), ...policies("1.2.3"), ...mapping("1.2.3", "1.2.4") },
    policies("1.2.4"),
    policies("1.2.4"),
    true,
  ],
  [
    "a mapped policy is no longer the old one",
    { ...requireExplicit(0), ...policies("1.2.3"), ...mapping("1.2.3", "1.2.4") },
    policies("1.2.3"),
    policies("1.2.3"),
    false,
  ],
  [
    "mapping is inhibited from above",
    { ...inhibitMapping, ...policies("1.2.3") },
    { ...policies("1.2.3"), ...mapping("1.2.3", "1.2.4") },
    policies("1.2.4"),
    false,
  ],
];

for (const [title, upper, lower, leaf, good] of table) {
  test(`policies: ${title} (RFC 5280 section 6.1)`, () => {
    const root = { subject: "Root", keys: keys[0], ca: true };
    const a = { subject: "A", keys: keys[1], by: root, ca: true, extensions: upper };
    const b = { subject: "B", keys: keys[2], by: a, ca: true, extensions: lower };
    const verdict = verifyPath({
      leaf: mint({ subject: "a.test", keys: keys[0], by: b, names: ["a.test"], extensions: leaf }),
      intermediates: [mint(a), mint(b)],
      anchors: [mint(root)],
      host: "a.test",
      time: Date.parse("2030-01-01"),
      purpose: "server",
    });
    const problems = verdict.type === "trusted" ? [] : verdict.problems.map(({ code }) => code);
    assert.deepEqual(problems, good ? [] : ["POLICY_MISSING"]);
  });
}
