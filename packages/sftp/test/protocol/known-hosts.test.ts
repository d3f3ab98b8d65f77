import { deepEqual, equal } from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  judgeHostKey,
  knowledgeOf,
  knownHostName,
  parseKnownHostLine,
  parseKnownHosts,
} from "../../src/protocol/known-hosts.ts";
import { rememberHostKey } from "../../src/protocol/known-hosts-edit.ts";

const hashName = (salt: string, name: string): string =>
  createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64");
const salt = Buffer.alloc(20, 7).toString("base64");
const hashed = (name: string): string => `|1|${salt}|${hashName(salt, name)}`;
const key = (name: string): string => Buffer.from(`key ${name}`.padEnd(33, ".")).toString("base64");
const judge = (text: string, host: string, shown: string, port = 22): string =>
  judgeHostKey(knowledgeOf(parseKnownHosts(text), knownHostName(host, port), hashName), key(shown));

describe("lines of a known-hosts file", () => {
  const accepted: readonly (readonly [line: string, marker: string, hosts: string, keyType: string])[] = [
    [`a.example ssh-ed25519 ${key("a")}`, "none", "a.example", "ssh-ed25519"],
    [`  a.example\tssh-rsa  ${key("a")}  a comment of words  `, "none", "a.example", "ssh-rsa"],
    [`a.example ssh-rsa ${key("a")}\r`, "none", "a.example", "ssh-rsa"],
    [`@revoked * ssh-rsa ${key("a")}`, "revoked", "*", "ssh-rsa"],
    [`@cert-authority *.example ssh-rsa ${key("a")}`, "cert-authority", "*.example", "ssh-rsa"],
    [`${hashed("a.example")} ssh-rsa ${key("a")}`, "none", hashed("a.example"), "ssh-rsa"],
  ];
  for (const [line, marker, hosts, keyType] of accepted) {
    test(`${JSON.stringify(line.slice(0, 40))} is read`, () => {
      deepEqual(parseKnownHostLine(line), { marker, hosts, keyType, key: key("a") });
    });
  }

  const passedOver = [
    "",
    "   ",
    "# a comment",
    `#a.example ssh-rsa ${key("a")}`,
    "a.example",
    "a.example ssh-rsa",
    "a.example ssh-rsa not-base64!",
    "a.example ssh-rsa YQ",
    `a.example ssh-rsa ${key("a")}=`,
    `@unknown a.example ssh-rsa ${key("a")}`,
    "@revoked",
    `|1|only-salt ssh-rsa ${key("a")}`,
    `|2|${salt}|${salt} ssh-rsa ${key("a")}`,
    // The format of version 1: bits, exponent, modulus.
    "a.example 1024 35 128743",
  ];
  for (const line of passedOver) {
    test(`${JSON.stringify(line.slice(0, 40))} is passed over`, () => {
      equal(parseKnownHostLine(line), undefined);
    });
  }

  test("whatever a file holds, it is read", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => Array.isArray(parseKnownHosts(text))));
  });
});

describe("what is known of a host's key", () => {
  const file = [
    "# hosts",
    `a.example,10.0.0.1 ssh-ed25519 ${key("a")}`,
    `a.example ssh-rsa ${key("a2")}`,
    `[b.example]:2222 ssh-ed25519 ${key("b")}`,
    `${hashed("c.example")} ssh-ed25519 ${key("c")}`,
    `${hashed("[d.example]:2222")} ssh-ed25519 ${key("d")}`,
    `*.wild.example,!not.wild.example ssh-ed25519 ${key("w")}`,
    `@revoked * ssh-ed25519 ${key("stolen")}`,
    `e.example ssh-ed25519 ${key("stolen")}`,
    `@cert-authority *.signed.example ssh-ed25519 ${key("ca")}`,
    "broken.example ssh-ed25519 ????",
  ].join("\n");
  const cases: readonly (readonly [host: string, port: number, shown: string, state: string, why: string])[] = [
    ["a.example", 22, "a", "known", "plain"],
    ["A.EXAMPLE", 22, "a", "known", "in capitals"],
    ["a.example", 22, "a2", "known", "a second key"],
    ["10.0.0.1", 22, "a", "known", "the second name of a line"],
    ["10.0.0.1", 22, "a2", "changed", "a key of the other name alone"],
    ["a.example", 22, "x", "changed", "another key"],
    ["a.example", 2222, "a", "unknown", "another port is another host"],
    ["b.example", 2222, "b", "known", "a port of its own"],
    ["b.example", 22, "b", "unknown", "without that port"],
    ["c.example", 22, "c", "known", "a hashed name"],
    ["c.example", 22, "x", "changed", "a hashed name with another key"],
    ["d.example", 2222, "d", "known", "a hashed name with a port"],
    ["x.wild.example", 22, "w", "known", "a pattern"],
    ["not.wild.example", 22, "w", "unknown", "what a pattern leaves out"],
    ["a.example", 22, "stolen", "revoked", "revoked for all"],
    ["e.example", 22, "stolen", "revoked", "revoked counts before known"],
    ["x.signed.example", 22, "ca", "unknown", "an authority's key is no host's"],
    ["broken.example", 22, "x", "unknown", "a line that cannot be read"],
    ["f.example", 22, "f", "unknown", "nobody knows it"],
  ];
  for (const [host, port, shown, state, why] of cases) {
    test(`${why}: ${host}:${String(port)} is ${state}`, () => {
      equal(judge(file, host, shown, port), state);
    });
  }

  test("a host that has an authority only says so", () => {
    const knowledge = knowledgeOf(parseKnownHosts(file), "x.signed.example", hashName);
    deepEqual([knowledge.keys, knowledge.hasCertificateAuthority], [[], true]);
  });
});

describe("a key that is remembered", () => {
  const edit = (text: string, name: string, shown: string): string => {
    const result = rememberHostKey(text, { name, keyType: "ssh-ed25519", key: key(shown) }, hashName, salt);
    return result.type === "edited" ? result.text : `by hand: ${String(result.line)}`;
  };
  const line = (hosts: string, shown: string): string => `${hosts} ssh-ed25519 ${key(shown)}`;

  test("is a line at the end; comments, empty lines and a missing line end stay as they are", () => {
    equal(edit("", "a.example", "a"), `${line("a.example", "a")}\n`);
    const text = `# mine\n\n${line("b.example", "b")}`;
    equal(edit(text, "a.example", "a"), `${text}\n${line("a.example", "a")}\n`);
  });

  test("is not written twice", () => {
    const text = `${line("a.example", "a")}\n`;
    equal(edit(text, "a.example", "a"), text);
  });

  test("takes the place of others of the same host, and of no other", () => {
    const text = [line("a.example", "old"), line("b.example", "old"), line("A.example,b.example", "old2"), ""].join(
      "\n",
    );
    const expected = [line("b.example", "old"), line("b.example", "old2"), line("a.example", "new"), ""].join("\n");
    equal(edit(text, "a.example", "new"), expected);
  });

  test("is hashed where the file's names are", () => {
    const text = `${line(hashed("a.example"), "old")}\n${line(hashed("b.example"), "b")}\n`;
    equal(edit(text, "a.example", "new"), `${line(hashed("b.example"), "b")}\n${line(hashed("a.example"), "new")}\n`);
  });

  test("leaves revoked keys and authorities, and a pattern to whoever wrote it", () => {
    const marked = `@revoked ${line("a.example", "stolen")}\n@cert-authority ${line("a.example", "ca")}\n`;
    equal(edit(marked, "a.example", "new"), `${marked}${line("a.example", "new")}\n`);
    equal(edit(`# x\n${line("*.example", "old")}\n`, "a.example", "new"), "by hand: 2");
    equal(edit(`${line("a.example,!b.example", "old")}\n`, "a.example", "new"), "by hand: 1");
  });

  test("whatever was known, the key is the host's afterwards, and other hosts keep theirs", () => {
    const name = fc.constantFrom("a.example", "b.example", "[a.example]:2222");
    const lines = fc.array(
      fc.record({
        names: fc.uniqueArray(name, { minLength: 1 }),
        isHashed: fc.boolean(),
        shown: fc.constantFrom("k", "l", "m"),
      }),
    );
    fc.assert(
      fc.property(lines, name, (entries, changed) => {
        const text = entries
          .map(({ names, isHashed, shown }) => `${line(isHashed ? hashed(names[0] ?? "") : names.join(","), shown)}\n`)
          .join("");
        const after = edit(text, changed, "new");
        const keysOf = (from: string, host: string): readonly string[] =>
          knowledgeOf(parseKnownHosts(from), host, hashName).keys.map((known) => known.key);
        for (const host of ["a.example", "b.example", "[a.example]:2222"]) {
          deepEqual(keysOf(after, host), host === changed ? [key("new")] : keysOf(text, host));
        }
      }),
    );
  });
});
