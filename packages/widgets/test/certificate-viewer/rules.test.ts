import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { certificateProblemCodes } from "@fairlead/core";
import fc from "fast-check";
import { readAlternativeName } from "../../src/certificate-viewer/rules/alternative-name.ts";
import { groupHexadecimal, separateHexadecimal } from "../../src/certificate-viewer/rules/hexadecimal.ts";
import { logName } from "../../src/certificate-viewer/rules/log-names.ts";
import { fitsHost } from "../../src/certificate-viewer/rules/name-fit.ts";
import { pemFile, safeFileName } from "../../src/certificate-viewer/rules/pem-file.ts";
import { problemKind } from "../../src/certificate-viewer/rules/problem-kind.ts";
import { subjectTitle } from "../../src/certificate-viewer/rules/subject-title.ts";
import { validityLine } from "../../src/certificate-viewer/rules/validity-line.ts";
import { harbourIssuer, harbourLeaf } from "../../gallery/harbour-certificates.ts";

describe("subjectTitle", () => {
  const titles: readonly (readonly [subject: string, title: string])[] = [
    ["C=NL, O=Harbour Trust, CN=Harbour Root CA", "Harbour Root CA"],
    ["CN=shop.test, O=Shop", "shop.test"],
    ["O=Shop+CN=shop.test", "shop.test"],
    ["CN=Smith, John", "Smith, John"],
    ["O=Nameless", "O=Nameless"],
    ["CN=one, CN=two", "CN=one, CN=two"],
    ["CN=", "CN="],
    ["", ""],
  ];
  for (const [subject, title] of titles) {
    test(`calls ${JSON.stringify(subject)} ${JSON.stringify(title)}`, () => {
      assert.equal(subjectTitle(subject), title);
    });
  }
});

describe("validityLine", () => {
  test("shows where now is within the validity", () => {
    assert.deepEqual(validityLine(0, 100, 25), { state: "valid", start: 0, end: 1, now: 0.25 });
  });

  test("counts both ends as valid", () => {
    assert.equal(validityLine(0, 100, 0)?.state, "valid");
    assert.equal(validityLine(0, 100, 100)?.state, "valid");
    assert.equal(validityLine(0, 100, 101)?.state, "expired");
  });

  test("leaves half of the line to the validity, however long ago it was", () => {
    assert.deepEqual(validityLine(0, 100, 1e9), { state: "expired", start: 0, end: 0.5, now: 1 });
    assert.deepEqual(validityLine(1e9, 1e9 + 100, 0), { state: "not-yet-valid", start: 0.5, end: 1, now: 0 });
  });

  test("draws nothing that ends before it begins", () => {
    assert.equal(validityLine(1, 0, 0), undefined);
  });

  test("stays on the line", () => {
    const moment = fc.integer({ min: -8.64e15, max: 8.64e15 });
    fc.assert(
      fc.property(moment, moment, moment, (notBefore, notAfter, now) => {
        const line = validityLine(notBefore, notAfter, now);
        for (const share of line === undefined ? [] : [line.start, line.end, line.now]) {
          assert.ok(share >= 0 && share <= 1);
        }
      }),
    );
  });
});

describe("fitsHost", () => {
  const fits: readonly (readonly [name: string, host: string, expected: boolean])[] = [
    ["DNS:a.test", "A.test.", true],
    ["DNS:*.a.test", "b.a.test", true],
    ["DNS:*.a.test", "a.test", false],
    ["DNS:*.a.test", "c.b.a.test", false],
    ["DNS:*.test", "test", false],
    ["IP:2001:db8::1", "[2001:db8::1]", true],
    ["DNS:192.0.2.1", "192.0.2.1", true],
    ["URI:a.test", "a.test", false],
  ];
  for (const [name, host, expected] of fits) {
    test(`${name} is ${expected ? "" : "not "}for ${host}`, () => {
      assert.equal(fitsHost([name], host), expected);
    });
  }
});

describe("pemFile", () => {
  test("names the file after the first name, and writes the chain in its order", () => {
    const file = pemFile([harbourLeaf, harbourIssuer]);
    assert.equal(file?.fileName, "shop.harbour.test-chain.pem");
    assert.equal(file.text, `${harbourLeaf.pem ?? ""}\n${harbourIssuer.pem ?? ""}\n`);
  });

  test("has no file where PEM is missing", () => {
    assert.equal(pemFile([harbourLeaf, { ...harbourIssuer, pem: undefined }]), undefined);
    assert.equal(pemFile([]), undefined);
  });

  const names: readonly (readonly [name: string, safe: string])[] = [
    ["../../etc/passwd", "etc-passwd"],
    ["a\u202egpj.exe", "a-gpj.exe"],
    ["con", "certificate-con"],
    ["LPT1.txt", "certificate-LPT1.txt"],
    ["مثال", "certificate"],
    ["", "certificate"],
    ["a/b\\c:d|e", "a-b-c-d-e"],
  ];
  for (const [name, safe] of names) {
    test(`makes ${JSON.stringify(name)} safe`, () => {
      assert.equal(safeFileName(name), safe);
    });
  }

  test("makes any name safe", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        assert.match(safeFileName(name), /^[A-Za-z\d](?:[A-Za-z\d.-]{0,74}[A-Za-z\d])?$/);
        assert.ok(!safeFileName(name).includes(".."));
      }),
    );
  });
});

describe("certificate facts", () => {
  test("have names with their kind", () => {
    assert.deepEqual(readAlternativeName("IP:2001:db8::1"), { kind: "IP", value: "2001:db8::1" });
    assert.deepEqual(readAlternativeName("__proto__:x"), { kind: "other", value: "__proto__:x" });
  });

  test("have hexadecimal that an eye can compare", () => {
    assert.equal(groupHexadecimal("3f2a91bc0d"), "3F2A 91BC 0D");
    assert.equal(separateHexadecimal("3f2a91"), "3F:2A:91");
    for (const text of ["", "xyz", "abc", "<b>"]) {
      assert.equal(groupHexadecimal(text), text);
      assert.equal(separateHexadecimal(text), text);
    }
  });

  test("have the names of published logs, and of those alone", () => {
    const log = "0e5794bcf3aea93e331b2c9907b3f790df9bc23d713225dd21a925ac61c54e21";
    assert.equal(logName(log), "Google Argon2026h1");
    assert.equal(logName(log.replace("0e", "0f")), undefined);
    assert.equal(logName(log.slice(0, 16)), undefined);
  });

  test("have problems of which each kind is one that there is", () => {
    const known = Object.keys(certificateProblemCodes).filter((code) => problemKind(code) !== "malformed");
    assert.equal(known.length, 24);
    assert.equal(problemKind("constructor"), "malformed");
  });
});
