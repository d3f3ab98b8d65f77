import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  memoryIntermediates,
  type LearnedIntermediate,
  type TlsIntermediates,
  type TlsTrust,
} from "../../src/index.ts";
import { peerJudge, type PeerVerdict } from "../../src/verdict/judge-peer.ts";
import { der, mint, mintKeys, oid } from "../certificates/mint.ts";

const now = Date.parse("2030-01-01");
const root = { subject: "Root", keys: mintKeys(), ca: true };
const upper = { subject: "Upper", keys: mintKeys(), by: root, ca: true, ...aia("http://a.test/root.cer") };
const lower = { subject: "Lower", keys: mintKeys(), by: upper, ca: true, ...aia("http://a.test/upper.cer") };
const leaf = { subject: "a.test", keys: mintKeys(), by: lower, names: ["a.test"], ...aia("http://a.test/lower.cer") };
const [rootDer, upperDer, lowerDer, leafDer] = [mint(root), mint(upper), mint(lower), mint(leaf)];
const trust: TlsTrust = { type: "anchors", certificates: [pem(rootDer)] };

describe("a missing intermediate", () => {
  test("is missed where no place is named to look for it", async () => {
    assert.deepEqual(codes(await judge([leafDer])), ["ISSUER_UNKNOWN"]);
    assert.deepEqual(codes(await judge([leafDer], {})), ["ISSUER_UNKNOWN"]);
    assert.deepEqual(codes(await judge([leafDer, lowerDer], { preloaded: [] })), ["ISSUER_UNKNOWN"]);
  });

  test("is found among those that were preloaded, one above the other", async () => {
    const preloaded = [pem(upperDer), pem(lowerDer)];
    assert.deepEqual(await judge([leafDer], { preloaded }), {
      admitted: true,
      objection: undefined,
      staple: { type: "none" },
    });
    assert.deepEqual(codes(await judge([leafDer], { preloaded: [pem(lowerDer)] })), ["ISSUER_UNKNOWN"]);
  });

  test("is learned from a verified connection, and then found", async () => {
    const memory = memoryIntermediates();
    assert.equal((await judge([leafDer], { memory })).admitted, false);
    assert.equal((await judge([leafDer, lowerDer, upperDer], { memory })).admitted, true);
    assert.equal((await judge([leafDer], { memory })).admitted, true);
  });

  test("is learned by each memory, also where the judge knows the chain already", async () => {
    const peers = peerJudge({ now: () => now });
    const evidence = { chain: [leafDer, lowerDer, upperDer], staple: undefined, library: undefined };
    for (const memory of [memoryIntermediates(), memoryIntermediates()]) {
      await peers.judgeServer(evidence, { host: "a.test", trust, intermediates: { memory } });
      assert.equal((await judge([leafDer], { memory })).admitted, true);
    }
  });

  test("is fetched only where that is switched on, after every other place", async () => {
    const asked: string[] = [];
    const fetchIssuer = async (url: URL): Promise<Uint8Array> => {
      asked.push(url.href);
      return Promise.resolve(url.pathname === "/lower.cer" ? lowerDer : Buffer.from(pem(upperDer)));
    };
    assert.equal((await judge([leafDer], { fetchIssuer })).admitted, false);
    assert.equal((await judge([leafDer], { fetchIssuer, fetchMissing: false })).admitted, false);
    assert.deepEqual(asked, []);
    assert.equal((await judge([leafDer], { fetchIssuer, fetchMissing: true })).admitted, true);
    assert.deepEqual(asked, ["http://a.test/lower.cer", "http://a.test/upper.cer"]);
    asked.length = 0;
    const preloaded = [pem(lowerDer)];
    assert.equal((await judge([leafDer], { preloaded, fetchIssuer, fetchMissing: true })).admitted, true);
    assert.deepEqual(asked, ["http://a.test/upper.cer"]);
    asked.length = 0;
    assert.equal((await judge([leafDer, lowerDer, upperDer], { fetchIssuer, fetchMissing: true })).admitted, true);
    assert.deepEqual(asked, []);
  });

  test("that was fetched is learned when the path is verified", async () => {
    const memory = memoryIntermediates();
    const fetchIssuer = async ({ pathname }: URL): Promise<Uint8Array> =>
      Promise.resolve(pathname === "/lower.cer" ? lowerDer : upperDer);
    assert.equal((await judge([leafDer], { memory, fetchIssuer, fetchMissing: true })).admitted, true);
    assert.equal((await judge([leafDer], { memory })).admitted, true);
  });

  test("is not looked for when the certificate would be refused all the same", async () => {
    const fetchIssuer = (): never => assert.fail("fetched");
    const memory = { find: (): never => assert.fail("looked up"), keep: (): never => assert.fail("learned") };
    const expired = mint({ ...leaf, notAfter: "2025-01-01" });
    assert.equal((await judge([expired], { memory, fetchIssuer, fetchMissing: true })).admitted, false);
    assert.equal((await judge([leafDer], { memory, fetchIssuer, fetchMissing: true }, "b.test")).admitted, false);
  });

  test("is found beside one of its name with another key, and beside a root that nobody trusts", async () => {
    const preloaded = [pem(lowerDer), pem(upperDer)];
    const impostor = mint({ ...lower, keys: mintKeys() });
    assert.deepEqual(codes(await judge([leafDer, impostor])), ["ISSUER_UNKNOWN"]);
    assert.equal((await judge([leafDer, impostor], { preloaded })).admitted, true);
    const selfSigned = mint({ subject: "Upper", keys: upper.keys, ca: true });
    assert.deepEqual(codes(await judge([leafDer, lowerDer, selfSigned])), ["ROOT_UNTRUSTED"]);
    assert.equal((await judge([leafDer, lowerDer, selfSigned], { preloaded })).admitted, true);
  });
});

describe("a certificate that was found", () => {
  const own = { subject: "Root", keys: mintKeys(), ca: true };
  const forged = mint({
    subject: "a.test",
    keys: mintKeys(),
    by: own,
    names: ["a.test"],
    ...aia("http://a.test/root"),
  });

  test("is never a trust anchor, wherever it comes from", async () => {
    const everywhere: TlsIntermediates = {
      memory: { find: () => [mint(own)], keep: () => undefined },
      preloaded: [pem(mint(own))],
      fetchMissing: true,
      fetchIssuer: async () => Promise.resolve(mint(own)),
    };
    assert.equal((await judge([forged], everywhere)).admitted, false);
    assert.equal((await judge([forged, mint(own)], everywhere)).admitted, false);
  });

  test("is learned from the verified path alone, and not from what was sent beside it", async () => {
    const learned: LearnedIntermediate[] = [];
    const memory = { find: () => [], keep: (each: LearnedIntermediate) => void learned.push(each) };
    const stranger = mint({ subject: "Lower", keys: mintKeys(), by: own, ca: true });
    await judge([leafDer, stranger, lowerDer, upperDer, mint(own), rootDer], { memory });
    assert.deepEqual(
      learned.map(({ certificate }) => Buffer.from(certificate)),
      [lowerDer, upperDer],
    );
    for (const { certificate, fingerprint, subject, notAfter } of learned) {
      assert.equal(fingerprint, createHash("sha256").update(certificate).digest("hex"));
      assert.match(subject, /^[0-9a-f]{64}$/);
      assert.equal(notAfter, Date.parse("2040-01-01"));
    }
    learned.length = 0;
    await judge([forged, mint(own)], { memory });
    assert.deepEqual(learned, []);
  });

  test("need not be one: whatever a memory or a server gives back, the verdict stands", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.uint8Array(), fc.constantFrom(rootDer, leafDer, forged, mint(own), lowerDer)), {
          maxLength: 40,
        }),
        async (found) => {
          const memory = { find: () => found, keep: () => undefined };
          const fetchIssuer = async (): Promise<Uint8Array> => Promise.resolve(found[0] ?? Buffer.alloc(0));
          assert.equal((await judge([leafDer], { memory, fetchIssuer, fetchMissing: true })).admitted, false);
        },
      ),
      { numRuns: 100 },
    );
    const broken = { find: () => Promise.reject(new Error("the store is gone")), keep: () => undefined };
    assert.deepEqual(codes(await judge([leafDer], { memory: broken })), ["ISSUER_UNKNOWN"]);
    assert.equal(
      (await judge([leafDer], { memory: broken, preloaded: [pem(lowerDer), pem(upperDer)] })).admitted,
      true,
    );
  });
});

describe("fetching", () => {
  test("follows five URLs of a certificate at most, http only and without credentials, each once", async () => {
    const asked: string[] = [];
    const fetchIssuer = async (url: URL): Promise<Uint8Array> => {
      asked.push(url.href);
      return Promise.reject(new Error("not found"));
    };
    const visit = async (...urls: readonly string[]): Promise<readonly string[]> => {
      asked.length = 0;
      const chain = [mint({ ...leaf, ...aia(...urls) })];
      assert.deepEqual(codes(await judge(chain, { fetchIssuer, fetchMissing: true })), ["ISSUER_UNKNOWN"]);
      return [...asked];
    };
    const many = Array.from({ length: 9 }, (_, index) => `http://a.test/${String(index)}`);
    assert.deepEqual(await visit(...many), many.slice(0, 5));
    assert.deepEqual(await visit("https://a.test/", "file:///etc/passwd", "ftp://a.test/", "nonsense", "data:,x"), []);
    assert.deepEqual(await visit("http://user:pass@a.test/", "http://user@a.test/", "HTTP://a.test/"), [
      "http://a.test/",
    ]);
    assert.deepEqual(await visit("http://a.test/1", "http://a.test/1", "http://A.test/1"), ["http://a.test/1"]);
  });

  test("ends where issuers send each other in circles, or on and on", async () => {
    const keys = mintKeys();
    const rings = [0, 1, 2].map((index) => ({
      subject: `Ring ${String(index)}`,
      keys,
      by: { subject: `Ring ${String((index + 1) % 3)}`, keys },
      ca: true,
      ...aia(`http://a.test/${String((index + 1) % 3)}`),
    }));
    let fetches = 0;
    const circle = async ({ pathname }: URL): Promise<Uint8Array> => {
      fetches++;
      const ring = rings[Number(pathname.slice(1))];
      assert.ok(ring);
      return Promise.resolve(mint(ring));
    };
    const start = mint({ ...leaf, by: { subject: "Ring 0", keys }, ...aia("http://a.test/0") });
    assert.equal((await judge([start], { fetchIssuer: circle, fetchMissing: true })).admitted, false);
    assert.ok(fetches <= 3, String(fetches));

    fetches = 0;
    const endless = async ({ pathname }: URL): Promise<Uint8Array> => {
      fetches++;
      const level = Number(pathname.slice(1));
      const by = { subject: `Level ${String(level + 1)}`, keys };
      return Promise.resolve(
        mint({ subject: `Level ${String(level)}`, keys, by, ca: true, ...aia(`http://a.test/${String(level + 1)}`) }),
      );
    };
    const below = mint({ ...leaf, by: { subject: "Level 0", keys }, ...aia("http://a.test/0") });
    assert.equal((await judge([below], { fetchIssuer: endless, fetchMissing: true })).admitted, false);
    assert.ok(fetches <= 10, String(fetches));
  });

  test("ends with the connection", async () => {
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const fetchIssuer = async (_: URL, signal: AbortSignal): Promise<Uint8Array> => {
      controller.abort(reason);
      signal.throwIfAborted();
      return Promise.resolve(lowerDer);
    };
    const judging = peerJudge({ now: () => now }).judgeServer(
      { chain: [leafDer], staple: undefined, library: undefined },
      { host: "a.test", trust, intermediates: { fetchIssuer, fetchMissing: true }, signal: controller.signal },
    );
    await assert.rejects(judging, (error) => error === reason);
  });
});

test("the memory in the process keeps so many, and of one name no more than eight", () => {
  const memory = memoryIntermediates({ maxIntermediates: 10 });
  const one = (subject: string, number: number): LearnedIntermediate => ({
    subject,
    fingerprint: `${subject}${String(number)}`,
    certificate: Uint8Array.of(number),
    notAfter: 0,
  });
  for (let number = 0; number < 9; number++) memory.keep(one("a", number));
  const numbers = (subject: string): readonly number[] => {
    const found = memory.find(subject);
    assert.ok(Array.isArray(found));
    return (found as readonly Uint8Array[]).map(([number = -1]) => number);
  };
  assert.deepEqual(numbers("a"), [1, 2, 3, 4, 5, 6, 7, 8]);
  for (let number = 0; number < 3; number++) memory.keep(one(`b${String(number)}`, number));
  assert.deepEqual([numbers("a").length, numbers("b0"), numbers("b2")], [7, [0], [2]]);
  // What is used again is not the oldest any more.
  memory.keep(one("a", 2));
  memory.keep(one("c", 0));
  assert.ok(numbers("a").includes(2) && !numbers("a").includes(3));
});

async function judge(
  chain: readonly Uint8Array[],
  intermediates?: TlsIntermediates,
  host = "a.test",
): Promise<PeerVerdict> {
  const evidence = { chain, staple: undefined, library: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" };
  return peerJudge({ now: () => now }).judgeServer(evidence, { host, trust, intermediates });
}

function codes({ objection }: PeerVerdict): readonly string[] {
  return objection?.problems.map(({ code }) => code) ?? [];
}

/** The extension that says where the issuer's certificate is. */
function aia(...urls: readonly string[]): {
  readonly extensions: Readonly<Record<string, { readonly value: Buffer }>>;
} {
  const methods = urls.map((url) => der(0x30, oid("1.3.6.1.5.5.7.48.2"), der(0x86, Buffer.from(url, "latin1"))));
  return { extensions: { "1.3.6.1.5.5.7.1.1": { value: der(0x30, ...methods) } } };
}

function pem(certificate: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}\n-----END CERTIFICATE-----\n`;
}
