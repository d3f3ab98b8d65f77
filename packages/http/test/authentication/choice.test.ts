import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chooseChallenge, parseChallenges, type AuthenticationScheme } from "../../src/authentication/index.ts";

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
      const chosen = chooseChallenge(parseChallenges(offered), { isPlain: false, able: all });
      const algorithm = chosen?.scheme === "digest" ? ` ${chosen.parameters.get("algorithm") ?? "MD5"}` : "";
      assert.equal(chosen && `${chosen.scheme}${algorithm}`, expected);
    });
  }

  test("nobody's password goes in the clear unless that is said", () => {
    const basic = parseChallenges(["Basic realm=r", "Bearer realm=r"]);
    assert.equal(chooseChallenge(basic, { isPlain: true, able: all }), undefined);
    assert.equal(chooseChallenge(basic, { isPlain: true, able: all, refuses: () => false })?.scheme, "bearer");
  });

  test("what cannot be answered here is passed over", () => {
    const chosen = chooseChallenge(parseChallenges(["Negotiate", md5]), { isPlain: false, able: new Set(["digest"]) });
    assert.equal(chosen?.scheme, "digest");
  });
});
