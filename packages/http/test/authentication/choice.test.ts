import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseChallenges, rankChallenges, type AuthenticationScheme } from "../../src/authentication/index.ts";

const all = new Set<AuthenticationScheme>(["negotiate", "ntlm", "digest", "bearer", "basic"]);
const md5 = 'Digest realm="r", nonce="n"';
const sha = 'Digest realm="r", nonce="n", algorithm=SHA-256';
const longer = 'Digest realm="r", nonce="n", algorithm=SHA-512-256';

describe("the strongest challenge wins", () => {
  for (const [offered, expected] of [
    [["Basic realm=r", md5], "digest MD5"],
    [[md5, sha, longer], "digest SHA-512-256"],
    [["NTLM", md5], "ntlm"],
    [["NTLM", sha], "digest SHA-256"],
    [["Basic realm=r", "NTLM", "Negotiate", longer], "negotiate"],
    [["Basic realm=a", "Basic realm=b"], "basic"],
    [["Digest realm=r"], undefined],
    [["Unheard-of"], undefined],
    [[], undefined],
  ] as const) {
    test(`of ${offered.join(" | ") || "nothing"}: ${String(expected)}`, () => {
      const { ranked } = rankChallenges(parseChallenges(offered), { isPlain: false, able: all });
      const chosen = ranked[0]?.challenge;
      const algorithm = chosen?.scheme === "digest" ? ` ${chosen.parameters.get("algorithm") ?? "MD5"}` : "";
      assert.equal(chosen && `${chosen.scheme}${algorithm}`, expected);
    });
  }

  test("what is passed over stands behind it, in order", () => {
    const { ranked } = rankChallenges(parseChallenges(["Basic realm=r", sha, "NTLM"]), { isPlain: false, able: all });
    assert.deepEqual(
      ranked.map(({ scheme }) => scheme),
      ["digest", "ntlm", "basic"],
    );
  });

  test("nobody's password goes in the clear unless that is said", () => {
    const offered = parseChallenges(["Basic realm=r", "Bearer realm=r", "Basic realm=s"]);
    const plain = rankChallenges(offered, { isPlain: true, able: all });
    assert.deepEqual(plain, { ranked: [], refused: ["basic", "bearer"] });
    const allowed = rankChallenges(offered, { isPlain: true, able: all, refuses: () => false });
    assert.equal(allowed.ranked[0]?.scheme, "bearer");
  });

  test("what cannot be answered here is passed over, and not called refused", () => {
    const able = new Set<AuthenticationScheme>(["digest"]);
    const { ranked, refused } = rankChallenges(parseChallenges(["Negotiate", md5, "Basic"]), { isPlain: true, able });
    assert.deepEqual(
      ranked.map(({ scheme }) => scheme),
      ["digest"],
    );
    assert.deepEqual(refused, []);
  });
});
