import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { skipWithoutBrowser, type TestedPage } from "@fairlead/conformance/browser";
import fc from "fast-check";
import { openGallery, type OpenGallery } from "./gallery.ts";
import { drawHostile, harmlessText, hostileText } from "./hostile.ts";

describe("hostile certificates", { skip: skipWithoutBrowser() }, () => {
  let gallery: OpenGallery;
  let shown: TestedPage;

  before(async () => {
    gallery = await openGallery();
    shown = await gallery.show({ section: "fairlead-certificate-viewer", state: "empty" });
  });

  after(async () => {
    await shown[Symbol.asyncDispose]();
    await gallery[Symbol.asyncDispose]();
  });

  test("leave no node in the viewer that its template did not make, and run no script: forty fields of five hundred", async () => {
    await tryHostile("fairlead-certificate-viewer", viewed, { batches: 2, size: 250 });
  });

  test("leave none in the question about an exception", async () => {
    await tryHostile("fairlead-certificate-exception", excepted, { batches: 1, size: 250 });
  });

  test("leave none in the question for a client certificate", async () => {
    await tryHostile("fairlead-certificate-picker", picked, { batches: 1, size: 250 });
  });

  test("would be seen if they left one", async () => {
    const bait = { part: "https://harmless.test/", times: 1 };
    const outcome = await drawHostile(shown.page, "a", { href: harmlessText }, [
      { href: harmlessText },
      { href: bait },
    ]);
    assert.equal(outcome.difference?.index, 1);
  });

  async function tryHostile(
    tag: string,
    properties: (text: fc.Arbitrary<unknown>) => fc.Arbitrary<object>,
    { batches, size }: { readonly batches: number; readonly size: number },
  ): Promise<void> {
    const [harmless] = fc.sample(properties(fc.constant(harmlessText)), 1);
    assert.ok(harmless !== undefined);
    const sample = fc.array(properties(hostileText()), { minLength: size, maxLength: size });
    await fc.assert(
      fc.asyncProperty(sample, async (samples) => {
        const outcome = await drawHostile(shown.page, tag, harmless, samples);
        const { difference } = outcome;
        assert.equal(
          difference?.hostile,
          difference?.harmless,
          JSON.stringify(samples[difference?.index ?? -1] ?? []).slice(0, 4_000),
        );
        assert.deepEqual(outcome, { difference: undefined, hasRun: false, strayNodes: 0 });
        assert.deepEqual(shown.problems, []);
      }),
      { numRuns: batches, endOnFailure: true },
    );
  }
});

/** Two certificates of the same shape, with problems and a connection: every text is hostile. */
function viewed(text: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  const texts = fc.tuple(text, text, text);
  const certificate = fc.record({
    subject: text,
    issuer: text,
    isSelfIssued: fc.constant(false),
    serialNumber: text,
    version: fc.constant(3),
    notBefore: fc.constant("2026-03-02T07:00:00.000Z"),
    notAfter: text,
    names: texts,
    key: text,
    signatureAlgorithm: text,
    isAuthority: fc.constant(false),
    nameConstraints: fc.record({ permitted: texts, excluded: texts }),
    keyUsage: texts,
    extendedKeyUsage: texts,
    policies: texts,
    issuerUrls: texts,
    ocspUrls: texts,
    crlUrls: texts,
    mustStaple: fc.constant(true),
    signedTimestamps: fc.tuple(fc.record({ log: text, time: text })),
    subjectKeyIdentifier: text,
    authorityKeyIdentifier: text,
    extensions: fc.tuple(fc.record({ oid: text, critical: fc.constant(true) })),
    fingerprints: fc.record({ sha1: text, sha256: text }),
    publicKeyPin: text,
  });
  const staple = fc.record({ type: fc.constant("revoked"), revokedAt: text, reason: text });
  return fc.record({
    chain: fc.tuple(certificate),
    problems: fc.tuple(
      fc.record({ code: text, index: fc.constant(0), message: text, remedy: text }),
      fc.record({
        code: fc.constant("HOST_MISMATCH"),
        index: fc.constant(0),
        detail: text,
        message: text,
        remedy: text,
      }),
    ),
    connection: fc.record({ protocol: text, cipher: text, trust: text, earlyData: text, clientIdentity: text, staple }),
    host: text,
    now: fc.constant(Date.UTC(2026, 10, 22)),
  });
}

function excepted(text: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  return fc.record({
    open: fc.constant(true),
    host: text,
    problems: fc.tuple(fc.record({ code: text, index: fc.constant(0), message: text, remedy: text })),
    chain: fc.tuple(fc.record({ fingerprints: fc.record({ sha256: text }), publicKeyPin: text })),
    seen: fc.constant({ fingerprint: "other", publicKeyPin: "other", lastSeen: 0, wasVerified: false }),
    rememberFor: fc.constant(86_400_000),
  });
}

function picked(text: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  const identity = fc.record({ fingerprint: text, subject: text, issuer: text, notAfter: text });
  return fc.record({
    question: fc.record({
      origin: fc.constant("https://a.test"),
      role: fc.constant("server"),
      authorities: fc.tuple(text, text),
      identities: fc.tuple(identity, identity),
      canRemember: fc.constant(true),
    }),
    now: fc.constant(0),
  });
}
