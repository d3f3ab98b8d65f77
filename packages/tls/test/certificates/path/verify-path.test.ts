import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { rootCertificates } from "node:tls";
import fc from "fast-check";
import {
  defaultPathLimits,
  parseCertificate,
  type PathQuestion,
  type PathVerdict,
  verifyPath,
  verifyWithNode,
} from "../../../src/certificates/index.ts";
import { decodePem } from "../../../src/certificates/pem.ts";
import { limboCases, limboQuestion } from "../limbo/cases.ts";
import { algorithmOf, der, integer, mint, mintKeys, oid } from "../mint.ts";

const rootKeys = mintKeys();
const middleKeys = mintKeys();
const leafKeys = mintKeys();
const rootFacts = { subject: "Root", keys: rootKeys, ca: true };
const middleFacts = { subject: "Middle", keys: middleKeys, by: rootFacts, ca: true };
const leafFacts = { subject: "a.test", keys: leafKeys, by: middleFacts, names: ["a.test", "*.b.test"] };
const root = mint(rootFacts);
const middle = mint(middleFacts);
const leaf = mint(leafFacts);

const middleKey = der(0x04, parseCertificate(middle)?.extensions.subjectKeyIdentifier ?? Buffer.alloc(0));

const question: PathQuestion = {
  leaf,
  intermediates: [middle],
  anchors: [root],
  host: "a.test",
  time: Date.parse("2030-01-01"),
  purpose: "server",
};

test("a good path is trusted, and given from leaf to anchor", () => {
  const verdict = verifyPath(question);
  assert.ok(verdict.type === "trusted", codes(verdict).join());
  assert.deepEqual(
    verdict.path.map(({ subject }) => subject.text),
    ["CN=a.test", "CN=Middle", "CN=Root"],
  );
});

test("a leaf has to name the purpose that it is used for; an issuer may allow any (RFC 5280 section 4.2.1.12)", () => {
  const [server, client, any] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "2.5.29.37.0"];
  const ask = (
    purpose: "server" | "client",
    ofLeaf: readonly string[],
    ofIssuer: readonly string[],
  ): readonly string[] =>
    codes(
      verifyPath({
        ...question,
        purpose,
        leaf: mint({ ...leafFacts, extendedKeyUsage: ofLeaf }),
        intermediates: [mint({ ...middleFacts, extendedKeyUsage: ofIssuer })],
      }),
    );
  assert.deepEqual(ask("server", [server], [any]), []);
  assert.deepEqual(ask("client", [any, client], [any, server]), []);
  assert.deepEqual(ask("server", [any], [server]), ["0 PURPOSE_FORBIDDEN"]);
  assert.deepEqual(ask("client", [any, server], [client]), ["0 PURPOSE_FORBIDDEN"]);
  assert.deepEqual(ask("server", [server], [client]), ["1 PURPOSE_FORBIDDEN"]);
});

test("all problems are reported, each with code, certificate, message and remedy", () => {
  const bad = mint({
    ...leafFacts,
    subject: "other.test\nall is well",
    names: ["other.test"],
    notAfter: "2025-01-01",
    extendedKeyUsage: ["1.3.6.1.5.5.7.3.2"],
    serial: 0,
  });
  const oldMiddle = mint({
    ...middleFacts,
    notAfter: "2024-01-01",
    extensions: { "1.2.3.4": { critical: true, value: Buffer.of(5, 0) } },
  });
  const verdict = verifyPath({ ...question, leaf: bad, intermediates: [oldMiddle] });
  assert.deepEqual(codes(verdict), [
    "0 EXPIRED",
    "0 PURPOSE_FORBIDDEN",
    "0 SERIAL_NUMBER_INVALID",
    "0 HOST_MISMATCH",
    "1 EXPIRED",
    "1 EXTENSION_UNKNOWN",
  ]);
  assert.ok(verdict.type === "refused");
  const [expired] = verdict.problems;
  assert.deepEqual(expired, {
    code: "EXPIRED",
    family: "path",
    certificate: { index: 0, subject: "CN=other.test\\u{a}all is well" },
    detail: "on 2025-01-01T00:00:00.000Z",
    message: "the certificate has expired: on 2025-01-01T00:00:00.000Z",
    remedy: "renew the certificate",
  });
});

const refusals: readonly (readonly [title: string, question: Partial<PathQuestion>, codes: readonly string[]])[] = [
  ["no intermediate", { intermediates: [] }, ["0 ISSUER_UNKNOWN"]],
  ["a root that is not trusted", { intermediates: [middle, root], anchors: [] }, ["2 ROOT_UNTRUSTED"]],
  [
    "an issuer of the same name with another key",
    { intermediates: [mint({ ...middleFacts, keys: mintKeys() })] },
    ["0 ISSUER_UNKNOWN"],
  ],
  [
    "an issuer of the same name that says it has the key",
    { intermediates: [mint({ ...middleFacts, keys: mintKeys(), extensions: { "2.5.29.14": { value: middleKey } } })] },
    ["0 SIGNATURE_INVALID"],
  ],
  ["SHA-1", { leaf: mint({ ...leafFacts, hash: "sha1" }) }, ["0 SIGNATURE_WEAK"]],
  ["another host", { host: "c.test" }, ["0 HOST_MISMATCH"]],
  ["the apex of a wildcard", { host: "b.test" }, ["0 HOST_MISMATCH"]],
  ["two labels under a wildcard", { host: "x.y.b.test" }, ["0 HOST_MISMATCH"]],
  [
    "an intermediate that is no authority",
    { intermediates: [mint({ ...middleFacts, ca: false })] },
    ["1 NOT_A_CA", "1 KEY_USAGE_FORBIDS_SIGNING"],
  ],
  ["a leaf that is no certificate", { leaf: Buffer.from("leaf") }, ["0 CERTIFICATE_MALFORMED"]],
  ["a leaf with something behind it", { leaf: Buffer.concat([leaf, Buffer.of(0)]) }, ["0 CERTIFICATE_MALFORMED"]],
  [
    "a time before",
    { time: Date.parse("2019-12-31T23:59:59.999Z") },
    ["0 NOT_YET_VALID", "1 NOT_YET_VALID", "2 NOT_YET_VALID"],
  ],
  ["a depth that is too small", { maxDepth: 0 }, ["1 CHAIN_TOO_DEEP"]],
  [
    "revocation that is required and unknown",
    { revocation: { required: true } },
    ["0 REVOCATION_UNKNOWN", "1 REVOCATION_UNKNOWN"],
  ],
  [
    "a list that is none",
    { revocation: { lists: [Buffer.of(1)] } },
    ["0 REVOCATION_LIST_INVALID", "1 REVOCATION_LIST_INVALID"],
  ],
  ["no signature checks left", { limits: { signatureChecks: 1 } }, ["1 WORK_LIMIT_REACHED"]],
  ["no steps left", { limits: { steps: 1 } }, ["1 WORK_LIMIT_REACHED"]],
  ["a path that may not be as long", { limits: { pathCertificates: 2 } }, ["1 WORK_LIMIT_REACHED"]],
  ["no intermediates that are read", { limits: { intermediates: 0 } }, ["0 ISSUER_UNKNOWN"]],
];
for (const [title, change, expected] of refusals) {
  test(`refused: ${title}`, () => {
    assert.deepEqual(codes(verifyPath({ ...question, ...change })), expected);
  });
}

const acceptances: readonly (readonly [title: string, question: Partial<PathQuestion>])[] = [
  ["a host in capitals with a dot at its end", { host: "A.TEST." }],
  ["a label under a wildcard", { host: "x.b.test" }],
  ["no host", { host: undefined }],
  [
    "certificates more than once, in any order, with nonsense",
    { intermediates: [Buffer.of(1), root, middle, leaf, middle, root] },
  ],
  ["an anchor that is an intermediate", { intermediates: [], anchors: [middle] }],
  ["a leaf that is an anchor itself", { intermediates: [], anchors: [leaf] }],
  ["an anchor that was read before", { anchors: [parseCertificate(root) ?? root] }],
  ["an anchor beside one that cannot be read", { anchors: [Buffer.of(1), root] }],
  [
    "a name that differs in case and spaces",
    { leaf: mint({ ...leafFacts, by: { ...middleFacts, subject: " mIDDLE " } }) },
  ],
];
for (const [title, change] of acceptances) {
  test(`trusted: ${title}`, () => {
    assert.deepEqual(codes(verifyPath({ ...question, ...change })), []);
  });
}

test("of a renewed and an expired intermediate with one key, the good one is found whatever comes first", () => {
  const expired = mint({ ...middleFacts, notAfter: "2025-01-01" });
  for (const intermediates of [
    [expired, middle],
    [middle, expired],
  ]) {
    assert.equal(verifyPath({ ...question, intermediates }).type, "trusted");
  }
});

test("the path that reaches an anchor is reported, though one without has fewer problems", () => {
  const stranger = mint({ ...middleFacts, by: { subject: "Stranger", keys: mintKeys() } });
  const expired = mint({ ...middleFacts, notAfter: "2025-01-01", pathLength: 0, serial: 0 });
  const verdict = verifyPath({ ...question, intermediates: [stranger, expired] });
  assert.deepEqual(codes(verdict), ["1 EXPIRED", "1 SERIAL_NUMBER_INVALID"]);
});

for (const [title, keys] of [
  ["RSA", generateKeyPairSync("rsa", { modulusLength: 2048 })],
  ["Ed25519", generateKeyPairSync("ed25519")],
] as const) {
  test(`${title} signs, and a flipped bit in the signature or in what is signed is seen`, () => {
    const authority = { subject: "Root", keys, ca: true };
    const good = mint({ ...leafFacts, by: authority });
    const ask = (leaf: Buffer): PathVerdict => verifyPath({ ...question, leaf, anchors: [mint(authority)] });
    assert.deepEqual(codes(ask(good)), []);
    const badSignature = Buffer.from(good);
    badSignature[good.length - 1] = (good.at(-1) ?? 0) ^ 1;
    assert.deepEqual(codes(ask(badSignature)), ["0 SIGNATURE_INVALID"]);
    const badName = Buffer.from(good);
    badName.write("c", good.lastIndexOf("a.test"));
    assert.ok(codes(ask(badName)).includes("0 SIGNATURE_INVALID"));
  });
}

test("a mesh of cross-certificates ends within the limits: 20 authorities that all certify each other", () => {
  const authorities = Array.from({ length: 20 }, (_, index) => ({
    subject: `CA ${String(index)}`,
    keys: mintKeys(),
    ca: true,
  }));
  const mesh = authorities.flatMap((by) =>
    authorities.flatMap((facts) => (facts === by ? [] : [mint({ ...facts, by })])),
  );
  const [first] = authorities;
  assert.ok(first !== undefined);
  let checks = 0;
  const ask = (limits: PathQuestion["limits"]): PathVerdict =>
    verifyPath({
      ...question,
      leaf: mint({ ...leafFacts, by: first }),
      intermediates: mesh,
      limits,
      verifySignature: (check) => {
        checks++;
        return verifyWithNode(check);
      },
    });
  assert.equal(ask(undefined).type, "refused");
  assert.ok(checks > 10 && checks <= defaultPathLimits.signatureChecks, String(checks));
  // Without a bound for signatures, each of them is checked once, and the steps end it.
  checks = 0;
  assert.equal(ask({ intermediates: mesh.length, signatureChecks: Infinity, paths: Infinity }).type, "refused");
  assert.ok(checks <= mesh.length + 1, String(checks));
});

test("a good path is found in a mesh, its anchor first", () => {
  const others = Array.from({ length: 8 }, (_, index) => ({
    subject: `CA ${String(index)}`,
    keys: mintKeys(),
    ca: true,
  }));
  const mesh = others.flatMap((by) => [mint({ ...middleFacts, by }), mint({ ...by, by: middleFacts })]);
  let checks = 0;
  const verifySignature: PathQuestion["verifySignature"] = (check) => {
    checks++;
    return verifyWithNode(check);
  };
  assert.equal(verifyPath({ ...question, intermediates: [...mesh, middle], verifySignature }).type, "trusted");
  assert.ok(checks < 40, String(checks));
});

test("an anchor is tried before intermediates of its name", () => {
  const crosses = Array.from({ length: 8 }, (_, index) =>
    mint({ ...rootFacts, by: { subject: `Stranger ${String(index)}`, keys: mintKeys() } }),
  );
  const first = { ...question, intermediates: [...crosses, middle], limits: { paths: 1 } };
  assert.equal(verifyPath(first).type, "trusted");
});

test("a certificate that names another algorithm inside of what is signed is refused (RFC 5280 section 4.1.1.2)", () => {
  const good = mint(leafFacts);
  const outside = good.lastIndexOf(algorithmOf(middleKeys));
  const changed = Buffer.from(good);
  algorithmOf(middleKeys, "sha512").copy(changed, outside);
  const verdict = verifyPath({ ...question, leaf: changed, verifySignature: () => true });
  assert.deepEqual(codes(verdict), ["0 SIGNATURE_ALGORITHM_MISMATCH"]);
});

test("a key that node:crypto cannot read has signed nothing", () => {
  const check = { publicKeyInfo: Buffer.of(0x30, 0), signed: leaf, signature: Buffer.of(1) };
  for (const algorithm of [
    { type: "eddsa" },
    { type: "rsa", hash: "sha256" },
    { type: "rsa-pss", hash: "sha256", saltLength: 32 },
  ] as const) {
    assert.equal(verifyWithNode({ ...check, algorithm }), false);
  }
});

test("a verifier that says no refuses everything but the leaf that is an anchor", () => {
  assert.deepEqual(codes(verifyPath({ ...question, verifySignature: () => false })), ["0 SIGNATURE_INVALID"]);
});

test("an extension that is there twice makes the certificate unreadable", () => {
  const extension = der(0x30, oid("1.2.3.4"), der(0x04));
  assert.ok(parseCertificate(mint({ ...leafFacts, more: [extension] }))?.extensions.present.has("1.2.3.4"));
  assert.equal(parseCertificate(mint({ ...leafFacts, more: [extension, extension] })), undefined);
});

test("every root that Node bundles can be read and used; what it lacks in form is known", () => {
  const lacking = rootCertificates.flatMap((pem) => {
    const [bytes] = decodePem(pem, "CERTIFICATE");
    const anchor = bytes && parseCertificate(bytes);
    assert.ok(anchor !== undefined, pem);
    assert.deepEqual([...anchor.extensions.malformed], [], anchor.subject.text);
    const verdict = verifyPath({
      ...question,
      leaf: anchor.der,
      intermediates: [],
      anchors: [anchor],
      host: undefined,
      time: anchor.notBefore * 1000,
    });
    return codes(verdict)
      .filter((code) => !/KEY_USAGE_UNSUITABLE|SERIAL/.test(code))
      .map((code) => `${anchor.subject.commonNames.join()} ${code}`);
  });
  assert.deepEqual(
    lacking.filter((line) => !line.startsWith("TWCA Global Root CA ")),
    [],
  );
});

test("whatever happens to a real chain's bytes, the answer is a verdict, and never trust in a changed leaf", () => {
  const { cases, blobs } = limboCases();
  const real = cases.filter(
    ({ id, trusted }) => trusted && (id.startsWith("online::") || id.startsWith("rfc5280::nc::")),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...real),
      fc.array(fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), byte: fc.nat(255) }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.constantFrom("leaf", "intermediates", "anchors"),
      (each, changes, where) => {
        const good = limboQuestion(each, blobs);
        const mutate = (bytes: Uint8Array): Uint8Array => {
          const copy = Uint8Array.from(bytes);
          for (const { at, byte } of changes) copy[Math.floor(at * copy.length)] = byte;
          return copy;
        };
        assert.ok(Array.isArray(good.anchors));
        const anchors = (good.anchors as readonly unknown[]).filter((anchor) => anchor instanceof Uint8Array);
        const changed = {
          ...good,
          anchors,
          [where]:
            where === "leaf" ? mutate(good.leaf) : (where === "anchors" ? anchors : good.intermediates).map(mutate),
        };
        const verdict = verifyPath(changed);
        const same = Buffer.from(changed.leaf).equals(good.leaf);
        assert.ok(verdict.type === "refused" ? verdict.problems.length > 0 : same, each.id);
      },
    ),
    { numRuns: 1000 },
  );
});

test("bytes that are nothing are refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.equal(verifyPath({ ...question, leaf: bytes }).type, "refused");
      assert.equal(
        verifyPath({
          ...question,
          intermediates: [bytes],
          anchors: [bytes],
          revocation: { lists: [bytes], stapled: bytes },
        }).type,
        "refused",
      );
    }),
  );
});

test("what is nested too deeply, or is too large, is refused", () => {
  let nested: Buffer = integer(1);
  for (let depth = 0; depth < 2000; depth++) nested = der(depth % 2 === 0 ? 0x30 : 0x04, nested);
  assert.deepEqual(codes(verifyPath({ ...question, leaf: nested })), ["0 CERTIFICATE_MALFORMED"]);
  assert.deepEqual(codes(verifyPath({ ...question, leaf: Buffer.alloc(2 << 20, 0x30) })), ["0 CERTIFICATE_MALFORMED"]);
});

function codes(verdict: PathVerdict): readonly string[] {
  if (verdict.type === "trusted") return [];
  return verdict.problems.map(({ code, certificate }) => `${String(certificate.index)} ${code}`);
}
