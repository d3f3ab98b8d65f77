import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import {
  answerDigest,
  expectedResponseAuth,
  isWithinDigestDomain,
  parseChallenges,
  readDigestChallenge,
  type DigestAnswer,
  type DigestHash,
  type DigestSession,
} from "../../src/authentication/index.ts";

const names: Readonly<Record<DigestHash, string>> = { MD5: "md5", "SHA-256": "sha256", "SHA-512-256": "sha512-256" };
const hash = (name: DigestHash, bytes: Uint8Array): string => createHash(names[name]).update(bytes).digest("hex");

interface Asked {
  readonly username?: string;
  readonly password?: string;
  readonly content?: Uint8Array;
  readonly count?: number;
  readonly cnonce?: string;
  readonly session?: DigestSession;
  readonly target?: string;
  readonly method?: string;
}

function answerWhole(field: string, asked: Asked = {}): DigestAnswer | undefined {
  const [challenge] = parseChallenges([field]);
  const digest = challenge && readDigestChallenge(challenge);
  assert.ok(digest !== undefined);
  const { username = "Mufasa", password = "Circle of Life", method = "GET", target = "/dir/index.html" } = asked;
  const { count = 1, cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", session, content } = asked;
  return answerDigest(
    digest,
    { method, target, content },
    { username, password },
    { nonceCount: count, cnonce, session },
    hash,
  );
}

const answer = (field: string, asked?: Asked): string | undefined => answerWhole(field, asked)?.credentials;

const example =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

describe("Digest (RFC 7616)", () => {
  test("answers the examples of section 3.9.1", () => {
    assert.match(answer(`Digest ${example}, algorithm=MD5`) ?? "", /response="8ca523f5e9506fed4657c9700eebdbec"/);
    assert.match(
      answer(`Digest ${example}, algorithm=SHA-256`) ?? "",
      /response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"/,
    );
  });

  test("hashes the name where it is asked to, as in the example of section 3.9.2", () => {
    const field =
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true';
    const credentials = answer(field, {
      username: "Jäsøn Doe",
      password: "Secret, or not?",
      target: "/doe.json",
      cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm",
    });
    // The hash of the name in the RFC's example is of another text (errata 4495), so it is counted anew here.
    assert.match(
      credentials ?? "",
      new RegExp(`username="${hash("SHA-512-256", Buffer.from("Jäsøn Doe:api@example.org"))}", userhash=true`),
    );
  });

  test("answers what knows no qop as RFC 2069 did", () => {
    const credentials = answer('Digest realm="r", nonce="n"', { username: "u", password: "p", target: "/" });
    const md5 = (text: string): string => hash("MD5", Buffer.from(text));
    assert.equal(
      credentials,
      `Digest username="u", realm="r", uri="/", algorithm=MD5, nonce="n", response="${md5(`${md5("u:r:p")}:n:${md5("GET:/")}`)}"`,
    );
  });

  test("binds the session variant to nonce and cnonce, and auth-int to the content", () => {
    const field = 'Digest realm="r", nonce="n", qop=auth-int, algorithm=SHA-256-sess';
    const sha = (text: string | Uint8Array): string => hash("SHA-256", Buffer.from(text));
    const content = Buffer.from("content");
    const a1 = sha(`${sha("u:r:p")}:n:c`);
    const expected = sha(`${a1}:n:0000000a:c:auth-int:${sha(`POST:/x:${sha(content)}`)}`);
    const credentials = answer(field, {
      username: "u",
      password: "p",
      content,
      count: 10,
      cnonce: "c",
      method: "POST",
      target: "/x",
    });
    assert.match(
      credentials ?? "",
      new RegExp(`algorithm=SHA-256-sess.*nc=0000000a.*qop=auth-int, response="${expected}"`),
    );
    assert.equal(answer(field), undefined);
  });

  test("sends a name beyond ASCII as username* to whom knows that, as its bytes to others, and quotes what has to be", () => {
    const extended = /^Digest username\*=UTF-8''J%C3%A4s%27n, /;
    assert.match(answer('Digest realm="r", nonce="n", charset=UTF-8', { username: "Jäs'n" }) ?? "", extended);
    const bytes = Buffer.from("Jäs'n").toString("latin1");
    assert.ok(answer('Digest realm="r", nonce="n"', { username: "Jäs'n" })?.startsWith(`Digest username="${bytes}", `));
    for (const control of ["\n", "\0", "\u0085"]) {
      assert.match(answer('Digest realm="r", nonce="n"', { username: `ä${control}` }) ?? "", /^Digest username\*=/);
    }
    assert.match(
      answer('Digest realm="r\\"\\\\", nonce="n"', { username: 'a"b\\' }) ?? "",
      /username="a\\"b\\\\", realm="r\\"\\\\"/,
    );
  });

  for (const [title, field] of [
    ["an unknown algorithm", 'Digest realm="r", nonce="n", algorithm=SHA-1'],
    ["an unknown protection alone", 'Digest realm="r", nonce="n", qop="auth-conf"'],
    ["no nonce", 'Digest realm="r"'],
    ["no realm", 'Digest nonce="n"'],
    ["another scheme", 'Basic realm="r", nonce="n"'],
  ] as const) {
    test(`does not answer ${title}`, () => {
      const [challenge] = parseChallenges([field]);
      assert.equal(challenge && readDigestChallenge(challenge), undefined);
    });
  }

  test("the key of a session stays bound to the nonces that began it (section 3.4.2)", () => {
    const field = 'Digest realm="r", nonce="second", qop=auth, algorithm=SHA-256-sess';
    const sha = (text: string): string => hash("SHA-256", Buffer.from(text));
    const a1 = sha(`${sha("u:r:p")}:first:begun`);
    const expected = sha(`${a1}:second:00000001:c:auth:${sha("GET:/")}`);
    const asked = { username: "u", password: "p", target: "/", cnonce: "c" };
    assert.match(
      answer(field, { ...asked, session: { nonce: "first", cnonce: "begun" } }) ?? "",
      new RegExp(`response="${expected}"`),
    );
    assert.doesNotMatch(answer(field, asked) ?? "", new RegExp(expected));
  });

  test("a realm is the bytes that came, whatever their encoding", () => {
    const realm = Buffer.from("r\u00e9alm", "utf8").toString("latin1");
    const credentials = answer(`Digest realm="${realm}", nonce="n"`, { username: "u", password: "p", target: "/" });
    const md5 = (text: string): string => hash("MD5", Buffer.from(text));
    assert.match(credentials ?? "", new RegExp(`response="${md5(`${md5("u:r\u00e9alm:p")}:n:${md5("GET:/")}`)}"`));
    assert.ok(credentials?.includes(`realm="${realm}"`));
  });

  test("a server proves itself by the response's digest, which has no method (section 3.5)", () => {
    const md5 = (text: string): string => hash("MD5", Buffer.from(text));
    for (const [qop, content] of [
      ["auth", ""],
      ["auth-int", `:${md5("the response")}`],
    ] as const) {
      const asked = { username: "u", password: "p", target: "/", cnonce: "c", content: new Uint8Array() };
      const whole = answerWhole(`Digest realm="r", nonce="n", qop="${qop}"`, asked);
      assert.ok(whole !== undefined);
      assert.equal(
        expectedResponseAuth(whole.proof, md5("the response"), hash),
        md5(`${md5("u:r:p")}:n:00000001:c:${qop}:${md5(`:/${content}`)}`),
      );
    }
  });

  for (const [domain, next, expected] of [
    ["", "https://a.example/anything", true],
    ["", "https://b.example/anything", false],
    ["/private", "https://a.example/private", true],
    ["/private", "https://a.example/private/deep?x", true],
    ["/private", "https://a.example/privateer", false],
    ["/one /two/", "https://a.example/two/x", true],
    ["https://a.example/abs", "https://a.example/abs/x", true],
    ["https://b.example/", "https://a.example/x", false],
    ["https://b.example/", "https://b.example/x", false],
    ["//b.example/", "https://b.example/x", false],
    ["relative", "https://a.example/dir/relative", true],
    ["https://[", "https://a.example/", false],
  ] as const) {
    test(`${next} is ${expected ? "" : "not "}in the space of "${domain}" (section 3.3)`, () => {
      const [challenge] = parseChallenges([`Digest realm="r", nonce="n"${domain && `, domain="${domain}"`}`]);
      const read = challenge && readDigestChallenge(challenge);
      const challenged = new URL("https://a.example/dir/page");
      assert.equal(isWithinDigestDomain(read?.domain ?? [], challenged, new URL(next)), expected);
    });
  }
});
