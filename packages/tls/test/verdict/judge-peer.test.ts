import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { getCACertificates } from "node:tls";
import { TlsError } from "@fairlead/core";
import { publicKeyPin } from "../../src/certificates/index.ts";
import { memoryIntermediates, type CertificateQuestion, type TlsTrust } from "../../src/index.ts";
import { peerJudge, type ServerTerms, type PeerEvidence, type PeerVerdict } from "../../src/verdict/judge-peer.ts";
import { verdictMemory } from "../../src/verdict/verdict-memory.ts";
import { der, integer, mint, mintKeys } from "../certificates/mint.ts";
import { mintResponse } from "../certificates/mint-response.ts";

const now = Date.parse("2030-01-01");
const root = { subject: "Root", keys: mintKeys(), ca: true };
const middle = { subject: "Middle", keys: mintKeys(), by: root, ca: true };
const leaf = { subject: "a.test", keys: mintKeys(), by: middle, names: ["a.test"], serial: 7 };
const [rootDer, middleDer, leafDer] = [mint(root), mint(middle), mint(leaf)];
const chain = [leafDer, middleDer];
const trust = anchors(rootDer);
const options: ServerTerms = { host: "a.test", peer: "a.test:443", trust };

describe("a peer", () => {
  test("is let in when our verdict and the library's agree, and only then", async () => {
    assert.deepEqual(await judge({}), { admitted: true, objection: undefined, staple: { type: "none" } });
    assert.deepEqual(refusal(await judge({ library: "CERT_HAS_EXPIRED" })), [
      "CERTIFICATE_EXPIRED",
      "REFUSED_BY_LIBRARY",
    ]);
    assert.deepEqual(refusal(await judge({ library: "EE_KEY_TOO_SMALL" })), [
      "CERTIFICATE_INVALID",
      "REFUSED_BY_LIBRARY",
    ]);
    assert.deepEqual(refusal(await judge({}, { host: "b.test" })), ["CERTIFICATE_HOST_MISMATCH", "HOST_MISMATCH"]);
    assert.deepEqual(refusal(await judge({ chain: [] })), ["CERTIFICATE_INVALID"]);
  });

  test("is refused with all problems, and the one that says most gives the code, whatever the library says", async () => {
    const bad = mint({
      ...leaf,
      names: ["other.test"],
      notAfter: "2025-01-01",
      by: { subject: "Nobody", keys: mintKeys() },
    });
    for (const library of [undefined, "CERT_HAS_EXPIRED", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "HOSTNAME_MISMATCH"]) {
      const verdict = await judge({ chain: [bad], library });
      assert.deepEqual(refusal(verdict), ["CERTIFICATE_ISSUER_UNKNOWN", "ISSUER_UNKNOWN", "EXPIRED", "HOST_MISMATCH"]);
      const { objection } = verdict;
      assert.ok(objection);
      assert.match(objection.message, /besides EXPIRED, HOST_MISMATCH/);
      for (const problem of objection.problems) {
        assert.deepEqual(problem.certificate, { index: 0, subject: "CN=a.test" });
        assert.ok(problem.message.length > 0 && problem.remedy.length > 0);
      }
    }
  });

  for (const [title, certificates, code] of [
    ["one of last year", { notAfter: "2025-01-01" }, "CERTIFICATE_EXPIRED"],
    ["a certificate of tomorrow", { notBefore: "2031-01-01" }, "CERTIFICATE_NOT_YET_VALID"],
    ["one for another purpose", { extendedKeyUsage: ["1.3.6.1.5.5.7.3.2"] }, "CERTIFICATE_INVALID"],
  ] as const) {
    test(`${title} is ${code}`, async () => {
      const verdict = await judge({ chain: [mint({ ...leaf, ...certificates }), middleDer] });
      assert.equal(verdict.objection?.code, code);
    });
  }

  test("that signed itself, or whose root is not trusted, is named so", async () => {
    const self = mint({ ...leaf, by: { subject: "a.test", keys: leaf.keys } });
    assert.deepEqual(refusal(await judge({ chain: [self] })), ["CERTIFICATE_SELF_SIGNED", "ROOT_UNTRUSTED"]);
    const other = anchors(mint({ ...root, keys: mintKeys(), subject: "Other" }));
    const verdict = await judge({ chain: [...chain, rootDer] }, { trust: other });
    assert.deepEqual(refusal(verdict), ["CERTIFICATE_ISSUER_UNKNOWN", "ROOT_UNTRUSTED"]);
  });

  test("with an expired issuer is told so by the issuer's name", async () => {
    const verdict = await judge({ chain: [leafDer, mint({ ...middle, notAfter: "2025-01-01" })] });
    assert.match(verdict.objection?.message ?? "", /the issuer CN=Middle: on 2025-01-01/);
  });

  test("whose library finds no issuer where there is one is let in, and for any other reason not", async () => {
    for (const library of [
      "UNABLE_TO_GET_ISSUER_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ]) {
      assert.equal((await judge({ library })).admitted, true);
      assert.equal((await judge({ library, chain: [leafDer] })).admitted, false);
    }
    for (const library of ["SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "UNSPECIFIED", ""]) {
      assert.equal((await judge({ library })).admitted, false, library);
    }
  });
});

describe("what was sent and is not in the chain", () => {
  const low = { subject: "Low", keys: mintKeys(), by: middle, ca: true };
  const deep = mint({ ...leaf, by: low });
  const lowDer = mint(low);
  const gone = { subject: "Gone", keys: mintKeys(), notAfter: "2025-01-01", ca: true };
  const oldMiddle = mint({ ...middle, by: gone, notAfter: "2025-01-01" });

  test("is looked at where the way to an anchor is missing, or one issuer has expired (RFC 4158)", async () => {
    const withheld = (): readonly Buffer[] => [middleDer, lowDer];
    assert.equal((await judge({ chain: [deep, lowDer], withheld })).admitted, true);
    const both = (): readonly Buffer[] => [oldMiddle, middleDer];
    assert.equal((await judge({ chain: [leafDer, oldMiddle], withheld: both })).admitted, true);
    const clients = peerJudge({ now: () => now });
    const client = { chain: [deep, lowDer], withheld, staple: undefined, library: undefined };
    assert.equal((await clients.judgeClient(client, { required: true, trust }, undefined)).admitted, true);
  });

  test("is judged like everything else: what it lacks is refused, and where it cannot be had as well", async () => {
    const stranger = mint({ ...middle, keys: mintKeys() });
    for (const withheld of [() => [lowDer], () => [lowDer, stranger], () => undefined, undefined]) {
      const verdict = await judge({ chain: [deep, lowDer], withheld });
      assert.equal(verdict.admitted, false);
      assert.equal(verdict.objection?.code, unknownIssuer);
    }
    const verdict = await judge({ chain: [leafDer, oldMiddle], withheld: () => [oldMiddle] });
    assert.deepEqual(refusal(verdict), [unknownIssuer, "ISSUER_UNKNOWN", "EXPIRED"]);
  });

  test("is not asked for where it changes nothing", async () => {
    const withheld = (): never => assert.fail("asked");
    assert.equal((await judge({ withheld })).admitted, true);
    assert.equal((await judge({ withheld }, { host: "b.test" })).admitted, false);
    const expired = mint({ ...leaf, notAfter: "2025-01-01" });
    assert.equal((await judge({ chain: [expired], withheld })).admitted, false);
    const self = mint({ ...leaf, by: { subject: "a.test", keys: leaf.keys } });
    assert.equal((await judge({ chain: [self], withheld })).admitted, false);
    // A library that has seen all of it, and found no path, would not agree to one.
    for (const library of ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "CERT_HAS_EXPIRED"]) {
      assert.equal((await judge({ chain: [deep, lowDer], withheld, library })).admitted, false, library);
    }
  });

  test("is asked for again by the next connection: who shows the same may have sent something else", async () => {
    const peers = peerJudge({ now: () => now });
    const evidence: PeerEvidence = { chain: [deep, lowDer], staple: undefined, library: undefined };
    const whole = { ...evidence, withheld: () => [middleDer, lowDer] };
    assert.equal((await peers.judgeServer(whole, options)).admitted, true);
    assert.equal((await peers.judgeServer(evidence, options)).admitted, false);
  });

  test("is learned from where it was in the path", async () => {
    const memory = memoryIntermediates();
    const intermediates = { memory };
    const withheld = (): readonly Buffer[] => [middleDer, lowDer];
    assert.equal((await judge({ chain: [deep, lowDer], withheld }, { intermediates })).admitted, true);
    assert.equal((await judge({ chain: [deep, lowDer] }, { intermediates })).admitted, true);
  });
});

const unknownIssuer = "CERTIFICATE_ISSUER_UNKNOWN";

describe("what was trusted", () => {
  test("is not asked twice, and is forgotten with time, dates and a clock set back", async () => {
    let time = now;
    let verified = 0;
    const memory = verdictMemory();
    const peers = peerJudge({
      now: () => time,
      memory: {
        find: memory.find.bind(memory),
        keep: (...values) => {
          verified++;
          memory.keep(...values);
        },
      },
    });
    const short = mint({ ...leaf, notAfter: "2030-01-01T00:01:00Z" });
    const ask = async (der: Buffer): Promise<boolean> =>
      (await peers.judgeServer({ chain: [der, middleDer], staple: undefined, library: undefined }, options)).admitted;
    assert.deepEqual([await ask(leafDer), await ask(leafDer), verified], [true, true, 1]);
    time += 300_001;
    assert.deepEqual([await ask(leafDer), verified], [true, 2]);
    time -= 1_000_000;
    assert.deepEqual([await ask(leafDer), verified], [true, 3]);
    time = now;
    assert.deepEqual([await ask(short), verified], [true, 4]);
    time = Date.parse("2030-01-01T00:01:00.999Z");
    assert.deepEqual([await ask(short), verified], [true, 4]);
    time = Date.parse("2030-01-01T00:01:01Z");
    assert.deepEqual([await ask(short), verified], [false, 4]);
  });

  test("is another question with another host, trust, chain, staple or library's verdict", async () => {
    const peers = peerJudge({ now: () => now });
    const evidence: PeerEvidence = { chain, staple: undefined, library: undefined };
    assert.equal((await peers.judgeServer(evidence, options)).admitted, true);
    assert.equal((await peers.judgeServer(evidence, { ...options, host: "b.test" })).admitted, false);
    assert.equal((await peers.judgeServer(evidence, { ...options, trust: anchors() })).admitted, false);
    assert.equal(
      (
        await peers.judgeServer(evidence, {
          ...options,
          trust: { type: "pinned", pins: [publicKeyPin(mint({ ...leaf, keys: mintKeys() }))], within: trust },
        })
      ).admitted,
      false,
    );
    assert.equal((await peers.judgeServer({ ...evidence, chain: [leafDer] }, options)).admitted, false);
    assert.equal((await peers.judgeServer({ ...evidence, library: "CERT_REVOKED" }, options)).admitted, false);
    const good = mintResponse(middle, { status: "good" });
    assert.equal((await peers.judgeServer({ ...evidence, staple: good }, options)).admitted, true);
    const staple = mintResponse(middle, { status: "revoked" });
    assert.deepEqual(refusal(await peers.judgeServer({ ...evidence, staple }, options)), [
      "CERTIFICATE_REVOKED",
      "REVOKED",
    ]);
    assert.equal((await peers.judgeServer(evidence, { ...options, revocation: { required: true } })).admitted, false);
    // Bytes that move from one certificate to the next make another chain.
    const whole = Buffer.concat(chain);
    const moved = [whole.subarray(0, leafDer.length - 1), whole.subarray(leafDer.length - 1)];
    assert.equal((await peers.judgeServer({ ...evidence, chain: moved }, options)).admitted, false);
  });

  test("holds what was stapled, and no longer than that is good for", async () => {
    let time = now;
    const peers = peerJudge({ now: () => time });
    const staple = mintResponse(middle, { nextUpdate: "2030-01-01T00:01:00Z" });
    const ask = async (): Promise<unknown> =>
      (await peers.judgeServer({ chain, staple, library: undefined }, options)).staple;
    const good = { type: "good", thisUpdate: "2029-12-30T00:00:00.000Z", nextUpdate: "2030-01-01T00:01:00.000Z" };
    assert.deepEqual([await ask(), await ask()], [good, good]);
    time = Date.parse("2030-01-01T00:01:01Z");
    assert.deepEqual(await ask(), { type: "unusable" });
  });

  test("needed no repair: who repairs nothing refuses the chain that was repaired for another", async () => {
    const peers = peerJudge({ now: () => now });
    const evidence: PeerEvidence = { chain: [leafDer], staple: undefined, library: undefined };
    const from: string[] = [];
    const preloaded = anchors(middleDer).certificates;
    const repairing = { ...options, intermediates: { preloaded, onRepaired: (source: string) => from.push(source) } };
    assert.equal((await peers.judgeServer(evidence, repairing)).admitted, true);
    assert.deepEqual(refusal(await peers.judgeServer(evidence, options)), [
      "CERTIFICATE_ISSUER_UNKNOWN",
      "ISSUER_UNKNOWN",
    ]);
    assert.equal((await peers.judgeServer(evidence, repairing)).admitted, true);
    assert.deepEqual(from, ["preloaded", "preloaded"]);
  });

  test("is another question where the same roots are one's own: the rules of the web do not hold below those", async () => {
    const asked = new Set<string>();
    const peers = peerJudge({ now: () => now, memory: { find: (key) => void asked.add(key), keep: () => undefined } });
    const evidence: PeerEvidence = { chain, staple: undefined, library: undefined };
    const own: TlsTrust = { type: "anchors", certificates: getCACertificates("bundled") };
    await peers.judgeServer(evidence, { ...options, trust: own });
    await peers.judgeServer(evidence, { ...options, trust: { type: "bundled" } });
    assert.equal(asked.size, 2);
  });

  test("is kept for the verdicts that were asked for last", async () => {
    const memory = verdictMemory({ maxVerdicts: 2 });
    const verdict = { until: Infinity, intermediates: [], staple: undefined };
    memory.keep("a", 0, verdict);
    memory.keep("b", 0, verdict);
    assert.ok(memory.find("a", 0));
    memory.keep("c", 0, verdict);
    assert.deepEqual([memory.find("a", 0), memory.find("b", 0), memory.find("c", 0)], [verdict, undefined, verdict]);
  });
});

describe("a staple", () => {
  const promising = mint({ ...leaf, extensions: { "1.3.6.1.5.5.7.1.24": { value: der(0x30, integer(5)) } } });

  test("that says revoked is fatal, and one for another certificate or by another issuer says nothing", async () => {
    for (const [facts, admitted] of [
      [{ status: "good" }, true],
      [{ status: "revoked" }, false],
      [{ status: "revoked", serial: 8 }, true],
      [{ status: "revoked", by: mintKeys() }, true],
    ] as const) {
      assert.equal((await judge({ staple: mintResponse(middle, facts) })).admitted, admitted, JSON.stringify(facts));
    }
    assert.equal((await judge({ staple: Buffer.from("nonsense") })).admitted, true);
  });

  test("that the certificate promises has to be there and to be good, each time anew", async () => {
    let time = now;
    const peers = peerJudge({ now: () => time });
    const staple = mintResponse(middle, { nextUpdate: "2030-01-01T00:00:30Z" });
    const evidence = { chain: [promising, middleDer], staple, library: undefined };
    assert.equal((await peers.judgeServer(evidence, options)).admitted, true);
    time = now + 31_000;
    assert.deepEqual(refusal(await peers.judgeServer(evidence, options)), ["CERTIFICATE_INVALID", "STAPLE_REQUIRED"]);
    assert.equal((await peers.judgeServer({ ...evidence, staple: undefined }, options)).admitted, false);
    assert.equal((await peers.judgeServer({ ...evidence, staple: "not-asked" }, options)).admitted, true);
    assert.equal((await peers.judgeServer({ ...evidence, staple: undefined }, options)).admitted, false);
    const other = mintResponse(middle, { serial: 8 });
    assert.equal((await peers.judgeServer({ ...evidence, staple: other }, options)).admitted, false);
  });
});

describe("pins", () => {
  const pin = publicKeyPin(middleDer);

  test("must be in the path that is verified, wherever they stand in it", async () => {
    for (const each of [leafDer, middleDer, rootDer]) {
      const pinned: TlsTrust = { type: "pinned", pins: ["A".repeat(43) + "=", publicKeyPin(each)], within: trust };
      assert.equal((await judge({}, { trust: pinned })).admitted, true);
    }
    const stranger = mint({ subject: "Stranger", keys: mintKeys(), ca: true });
    const pinned: TlsTrust = { type: "pinned", pins: [publicKeyPin(stranger)], within: trust };
    // Sending the pinned certificate along is not having its key.
    assert.deepEqual(refusal(await judge({ chain: [...chain, stranger] }, { trust: pinned })), [
      "CERTIFICATE_INVALID",
      "PIN_MISMATCH",
    ]);
  });

  test("do not replace the path, unless that danger is asked for: then the leaf's own key decides", async () => {
    const within = anchors();
    assert.equal((await judge({}, { trust: { type: "pinned", pins: [pin], within } })).admitted, false);
    const alone = (pins: readonly string[]): TlsTrust => ({
      type: "pinned",
      pins,
      within,
      dangerous: { acceptPinnedKeyAlone: true },
    });
    const library = "SELF_SIGNED_CERT_IN_CHAIN";
    assert.equal((await judge({ library }, { host: "b.test", trust: alone([publicKeyPin(leafDer)]) })).admitted, true);
    // Anybody can send somebody else's issuer.
    assert.equal((await judge({ library }, { trust: alone([pin]) })).admitted, false);
  });
});

describe("an exception", () => {
  test("is asked for with everything that is known, and lets in without making authorized", async () => {
    const asked: CertificateQuestion[] = [];
    const answer = async (reply: unknown, evidence: Partial<PeerEvidence> = {}): Promise<PeerVerdict> =>
      judge(evidence, {
        host: "b.test",
        onCertificateError: async (question) => {
          asked.push(question);
          return Promise.resolve(reply as "accept");
        },
      });
    const accepted = await answer("accept");
    assert.equal(accepted.admitted, true);
    assert.deepEqual(refusal(accepted, true), ["CERTIFICATE_HOST_MISMATCH", "HOST_MISMATCH"]);
    const [question] = asked;
    assert.ok(question);
    assert.deepEqual([question.host, question.peer, question.chain], ["b.test", "a.test:443", chain]);
    assert.deepEqual(question.staple, { type: "none" });
    assert.equal(question.error, accepted.objection);
    assert.equal(question.problems, accepted.objection?.problems);
    assert.equal(question.fingerprint, createHash("sha256").update(leafDer).digest("hex"));
    for (const reply of ["refuse", true, undefined, "ACCEPT"]) assert.equal((await answer(reply)).admitted, false);
    assert.equal(asked.length, 5);
    // A peer without a certificate is nobody that could be excepted.
    assert.equal((await answer("accept", { chain: [] })).admitted, false);
    assert.equal(asked.length, 5);
  });

  test("is not asked for where nothing is wrong or everybody is let in, and what it throws ends the connection", async () => {
    const onCertificateError = (): never => assert.fail("asked");
    assert.equal((await judge({}, { onCertificateError })).admitted, true);
    const dangerous = { acceptAnyCertificate: true };
    assert.equal((await judge({}, { host: "b.test", dangerous, onCertificateError })).admitted, true);
    const failure = new Error("the dialog is gone");
    const throws = judge({}, { host: "b.test", onCertificateError: () => Promise.reject(failure) });
    await assert.rejects(throws, (error) => error === failure);
  });

  test("teaches nothing: neither verdicts nor intermediates", async () => {
    const memory = memoryIntermediates();
    const learning = { ...memory, keep: () => assert.fail("learned") };
    const peers = peerJudge({ now: () => now });
    const evidence = { chain, staple: undefined, library: undefined };
    const untrusted = { ...options, trust: anchors(), intermediates: { memory: learning } };
    assert.equal(
      (await peers.judgeServer(evidence, { ...untrusted, onCertificateError: () => "accept" })).admitted,
      true,
    );
    assert.equal((await peers.judgeServer(evidence, untrusted)).admitted, false);
  });
});

test("a client is judged for its own purpose, by the same rules, and without a certificate is nobody", async () => {
  const peers = peerJudge({ now: () => now });
  const client = mint({ ...leaf, names: [], extendedKeyUsage: ["1.3.6.1.5.5.7.3.2"] });
  const ask = async (certificates: readonly Buffer[], required = true, library?: string): Promise<PeerVerdict> =>
    peers.judgeClient({ chain: certificates, staple: undefined, library }, { trust, required }, "10.0.0.1:1234");
  assert.equal((await ask([client, middleDer])).admitted, true);
  assert.deepEqual(
    refusal(await peers.judgeServer({ chain: [client, middleDer], staple: undefined, library: undefined }, options)),
    ["CERTIFICATE_HOST_MISMATCH", "PURPOSE_FORBIDDEN", "HOST_MISMATCH"],
  );
  const server = mint({ ...leaf, extendedKeyUsage: ["1.3.6.1.5.5.7.3.1"] });
  assert.deepEqual(refusal(await ask([server, middleDer])), ["CERTIFICATE_INVALID", "PURPOSE_FORBIDDEN"]);
  assert.deepEqual(refusal(await ask([client])), ["CERTIFICATE_ISSUER_UNKNOWN", "ISSUER_UNKNOWN"]);
  assert.equal((await ask([client, middleDer], true, "CERT_REJECTED")).admitted, false);
  assert.deepEqual(await ask([], false), { admitted: true, objection: undefined });
  assert.deepEqual(refusal(await ask([])), ["CLIENT_CERTIFICATE_REQUIRED"]);
});

test("hostile chains are refused, and cost a bounded time", async () => {
  const crowd = Array.from({ length: 300 }, (_, serial) => mint({ ...middle, keys: mintKeys(), serial: serial + 1 }));
  assert.equal((await judge({ chain: [leafDer, ...crowd] })).admitted, false);
  assert.equal((await judge({ chain: [Buffer.alloc(2 << 20), middleDer] })).admitted, false);
  assert.equal((await judge({ chain: [leafDer, Buffer.alloc(0), Buffer.of(0x30, 0x80), middleDer] })).admitted, true);
});

function anchors(...certificates: readonly Buffer[]): Extract<TlsTrust, { type: "anchors" }> {
  const pem = certificates.map(
    (each) => `-----BEGIN CERTIFICATE-----\n${each.toString("base64")}\n-----END CERTIFICATE-----\n`,
  );
  return { type: "anchors", certificates: pem };
}

async function judge(evidence: Partial<PeerEvidence>, more: Partial<ServerTerms> = {}): Promise<PeerVerdict> {
  const whole = { chain, staple: undefined, library: undefined, ...evidence };
  return peerJudge({ now: () => now }).judgeServer(whole, { ...options, ...more });
}

/** The error's code, then its problems'. */
function refusal({ admitted, objection }: PeerVerdict, excepted = false): readonly string[] {
  assert.equal(admitted, excepted);
  assert.ok(objection instanceof TlsError);
  return [objection.code, ...objection.problems.map(({ code }) => code)];
}
