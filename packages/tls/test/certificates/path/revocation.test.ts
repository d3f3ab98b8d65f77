import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type PathQuestion, type ResponseVerdict, verifyPath } from "../../../src/certificates/index.ts";
import { algorithmOf, der, integer, type Keys, mint, mintKeys, name, oid, signed, time } from "../mint.ts";
import { type MintedResponse, mintResponse, type ResponseStatus } from "../mint-response.ts";

const root = { subject: "Root", keys: mintKeys(), ca: true };
const leaf = { subject: "a.test", keys: mintKeys(), by: root, names: ["a.test"], serial: 7 };
const responder = { subject: "Responder", keys: mintKeys(), by: root, extendedKeyUsage: ["1.3.6.1.5.5.7.3.9"] };
const question: PathQuestion = {
  leaf: mint(leaf),
  intermediates: [],
  anchors: [mint(root)],
  host: "a.test",
  time: Date.parse("2030-01-01"),
  purpose: "server",
};

interface ListFacts {
  readonly by?: { readonly subject: string; readonly keys: Keys };
  readonly serials?: readonly number[];
  readonly thisUpdate?: string;
  readonly nextUpdate?: string;
  readonly extensions?: readonly Buffer[];
}

const number = der(0x30, oid("2.5.29.20"), der(0x04, integer(1)));

function list({
  by = root,
  serials = [],
  thisUpdate = "2029-12-01",
  nextUpdate = "2030-02-01",
  extensions = [number],
}: ListFacts): Buffer {
  const revoked = serials.map((serial) => der(0x30, integer(serial), time("2029-11-01")));
  const content = [
    integer(1),
    algorithmOf(by.keys),
    name(by.subject),
    time(thisUpdate),
    ...(nextUpdate === "" ? [] : [time(nextUpdate)]),
    ...(revoked.length === 0 ? [] : [der(0x30, ...revoked)]),
    ...(extensions.length === 0 ? [] : [der(0xa0, der(0x30, ...extensions))]),
  ];
  return signed(der(0x30, ...content), by.keys);
}

const distributionPoint = der(0x30, oid("2.5.29.28"), der(0x01, Buffer.of(0xff)), der(0x04, der(0x30)));
const lists: readonly (readonly [title: string, lists: readonly Buffer[], problem: string | undefined])[] = [
  ["names another serial number", [list({ serials: [8] })], undefined],
  ["names this serial number", [list({ serials: [8, 7] })], "REVOKED"],
  ["is of another issuer", [list({ by: { subject: "Other", keys: mintKeys() }, serials: [7] })], undefined],
  [
    "is of another key of the issuer's name",
    [list({ by: { subject: "Root", keys: mintKeys() } })],
    "REVOCATION_LIST_INVALID",
  ],
  ["has expired", [list({ nextUpdate: "2029-12-31" })], "REVOCATION_LIST_INVALID"],
  ["does not say when it expires", [list({ nextUpdate: "" })], "REVOCATION_LIST_INVALID"],
  ["is not valid yet", [list({ thisUpdate: "2030-01-02" })], "REVOCATION_LIST_INVALID"],
  ["has no number", [list({ extensions: [] })], "REVOCATION_LIST_INVALID"],
  ["is for a part of the certificates", [list({ extensions: [number, distributionPoint] })], "REVOCATION_LIST_INVALID"],
  ["has expired beside one that is current", [list({ nextUpdate: "2029-12-31" }), list({})], undefined],
  ["revokes beside one that does not", [list({}), list({ serials: [7] })], "REVOKED"],
];
for (const [title, given, problem] of lists) {
  test(`a list that ${title}: ${problem ?? "trusted"}`, () => {
    assert.deepEqual(problems({ revocation: { lists: given } }), problem === undefined ? [] : [problem]);
  });
}

test("a list of the issuer's satisfies what is required", () => {
  assert.deepEqual(problems({ revocation: { lists: [list({})], required: true } }), []);
  assert.deepEqual(problems({ revocation: { lists: [], required: true } }), ["REVOCATION_UNKNOWN"]);
});

const delegated = mint(responder);
const strangerKeys = mintKeys();
const responses: readonly (readonly [title: string, facts: MintedResponse, status: ResponseStatus])[] = [
  ["the issuer", {}, "good"],
  ["the issuer, to say that it is revoked", { status: "revoked" }, "revoked"],
  ["the issuer, long ago, to say that it is revoked", { status: "revoked", nextUpdate: "2029-12-31" }, "revoked"],
  ["the issuer, who does not know", { status: "unknown" }, "unknown"],
  ["the issuer, about another certificate", { serial: 8 }, "unknown"],
  ["the issuer, about another issuer's certificate", { issuer: { subject: "Root", keys: strangerKeys } }, "unknown"],
  ["the issuer, long ago", { nextUpdate: "2029-12-31" }, "unknown"],
  ["the issuer, without an end", { nextUpdate: "" }, "unknown"],
  ["the issuer, in the future", { thisUpdate: "2030-01-02" }, "unknown"],
  ["a responder that the issuer certified", { by: responder.keys, certificates: [delegated] }, "good"],
  ["a responder that sends no certificate", { by: responder.keys }, "unknown"],
  [
    "a responder for another purpose",
    { by: responder.keys, certificates: [mint({ ...responder, extendedKeyUsage: [] })] },
    "unknown",
  ],
  [
    "a responder that has expired",
    { by: responder.keys, certificates: [mint({ ...responder, notAfter: "2029-01-01" })] },
    "unknown",
  ],
  [
    "a responder of a stranger",
    { by: responder.keys, certificates: [mint({ ...responder, by: { subject: "Root", keys: strangerKeys } })] },
    "unknown",
  ],
  ["the leaf itself", { by: leaf.keys, certificates: [question.leaf as Buffer] }, "unknown"],
  ["a stranger", { by: strangerKeys, status: "revoked" }, "unknown"],
];
for (const [title, facts, status] of responses) {
  test(`a stapled response signed by ${title} says ${status}`, () => {
    const stapled = mintResponse(root, facts);
    assert.deepEqual(problems({ revocation: { stapled } }), status === "revoked" ? ["REVOKED"] : []);
    const required = { good: [], revoked: ["REVOKED"], unknown: ["REVOCATION_UNKNOWN"] }[status];
    assert.deepEqual(problems({ revocation: { stapled, required: true } }), required);
  });
}

test("what a stapled response says is told with the verdict: of when, and why", () => {
  const told = (facts: MintedResponse): unknown => stapled({ revocation: { stapled: mintResponse(root, facts) } });
  const revokedAt = Date.parse("2029-11-01") / 1_000;
  assert.deepEqual(told({}), {
    type: "good",
    thisUpdate: Date.parse("2029-12-30") / 1_000,
    nextUpdate: Date.parse("2030-01-05") / 1_000,
  });
  assert.deepEqual(told({ status: "unknown" }), { type: "unknown" });
  assert.deepEqual(told({ serial: 8 }), { type: "unusable" });
  assert.deepEqual(told({ by: strangerKeys }), { type: "unusable" });
  assert.deepEqual(told({ status: "revoked" }), { type: "revoked", revokedAt, reason: undefined });
  for (const [reason, name] of [
    [0, "unspecified"],
    [1, "keyCompromise"],
    [6, "certificateHold"],
    [7, undefined],
    [8, "removeFromCRL"],
    [10, "aACompromise"],
    [11, undefined],
  ] as const) {
    assert.deepEqual(told({ status: "revoked", reason }), { type: "revoked", revokedAt, reason: name });
  }
  assert.equal(stapled({}), undefined);
  assert.deepEqual(stapled({ leaf: Buffer.of(5, 0), revocation: { stapled: mintResponse(root, {}) } }), {
    type: "unusable",
  });
});

test("revoked stays revoked, whatever else stands where time and reason belong", () => {
  const unread = { type: "revoked", revokedAt: undefined, reason: undefined };
  for (const revocation of [
    Buffer.alloc(0),
    der(0x18, Buffer.from("20291301000000Z")),
    der(0x0c, Buffer.from("<b>yesterday</b>")),
    Buffer.concat([time("2029-11-01"), der(0xa0, der(0x0a, Buffer.alloc(2_000, 0x7f)))]),
    Buffer.concat([time("2029-11-01"), der(0xa0)]),
  ]) {
    const response = mintResponse(root, { status: "revoked", revocation });
    assert.deepEqual(stapled({ revocation: { stapled: response } }), unread);
    assert.deepEqual(problems({ revocation: { stapled: response } }), ["REVOKED"]);
  }
});

test("only an issuer with whom nothing is wrong can say that its certificate is good; any can revoke it", () => {
  const good = { stapled: mintResponse(root, {}) };
  const revoked = { stapled: mintResponse(root, { status: "revoked" }) };
  // Something is wrong with the leaf alone: its issuer is who it is.
  assert.equal(stapled({ host: "b.test", revocation: good })?.type, "good");
  const stranger = { anchors: [mint({ ...root, subject: "Other", keys: strangerKeys })], intermediates: [mint(root)] };
  assert.equal(stapled({ ...stranger, revocation: good })?.type, "unusable");
  assert.equal(stapled({ ...stranger, revocation: revoked })?.type, "revoked");
  // Whose own certificate is from the anchor, and who may not issue any.
  const site = { subject: "site.test", keys: mintKeys(), by: root, names: ["site.test"] };
  const forged = { leaf: mint({ ...leaf, by: site }), intermediates: [mint(site)] };
  const said = { stapled: mintResponse(site, {}) };
  assert.deepEqual(problems({ ...forged, revocation: said }).includes("NOT_A_CA"), true);
  assert.equal(stapled({ ...forged, revocation: said })?.type, "unusable");
});

test("a response or list with one byte changed throws nothing, and a list no longer shows a certificate to be good", () => {
  const [stapled, crl] = [
    mintResponse(root, { by: responder.keys, certificates: [delegated] }),
    list({ serials: [8] }),
  ];
  fc.assert(
    fc.property(fc.boolean(), fc.nat(5000), fc.integer({ min: 1, max: 255 }), (asList, at, change) => {
      const bytes = Uint8Array.from(asList ? crl : stapled);
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ change;
      const verdict = problems({
        revocation: { ...(asList ? { lists: [bytes] } : { stapled: bytes }), required: true },
      });
      if (asList) assert.equal(verdict.length, 1);
    }),
    { numRuns: 500 },
  );
});

function stapled(change: Partial<PathQuestion>): ResponseVerdict | undefined {
  return verifyPath({ ...question, ...change }).stapled;
}

function problems(change: Partial<PathQuestion>): readonly string[] {
  const verdict = verifyPath({ ...question, ...change });
  return verdict.type === "trusted" ? [] : verdict.problems.map(({ code }) => code);
}

test("a certificate that promises a staple is refused without a good one, where one was asked for (RFC 7633)", () => {
  const promising = mint({ ...leaf, extensions: { "1.3.6.1.5.5.7.1.24": { value: der(0x30, integer(5)) } } });
  const asked = (stapled: Buffer | undefined, stapleAsked = true): readonly string[] =>
    problems({ leaf: promising, revocation: { stapled, stapleAsked } });
  assert.deepEqual(asked(undefined), ["STAPLE_REQUIRED"]);
  assert.deepEqual(asked(undefined, false), []);
  assert.deepEqual(asked(mintResponse(root, {})), []);
  assert.deepEqual(asked(mintResponse(root, { status: "revoked" })), ["REVOKED"]);
  assert.deepEqual(asked(mintResponse(root, { serial: 8 })), ["STAPLE_REQUIRED"]);
  assert.deepEqual(asked(mintResponse(root, { by: strangerKeys })), ["STAPLE_REQUIRED"]);
  assert.deepEqual(asked(mintResponse(root, { nextUpdate: "2029-12-31" })), ["STAPLE_REQUIRED"]);
  assert.deepEqual(problems({ revocation: { stapleAsked: true } }), []);
});
