import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { certificateProblemCodes } from "@fairlead/core";
import { isProblemCode } from "../../src/certificate-problems/rules/problem-code.ts";
import { problemText } from "../../src/certificate-viewer/rules/problem-text.ts";
import { arabic } from "../../src/messages/ar.ts";
import { english } from "../../src/messages/en.ts";

const told = { index: 0, message: "what was told", remedy: "what was told to do" };
const codes = Object.keys(certificateProblemCodes);

describe("what is said of a certificate's problem", () => {
  for (const words of [english, arabic]) {
    test(`is what is wrong and what to do, for each code and for no other: ${words.locale}`, () => {
      assert.deepEqual(Object.keys(words.certificateProblems).sort(), [...codes].sort());
      const said = codes.map((code) => problemText({ ...told, code }, words));
      for (const { what, remedy } of said) {
        assert.match(what, /\.$/);
        assert.match(remedy, /\.$/);
      }
      const wrongs = said.map(({ what }) => what);
      assert.equal(new Set(wrongs).size, codes.length, "no two of them are the same fault");
    });
  }

  test("is Arabic on an Arabic page, letter by letter", () => {
    for (const code of codes) {
      const { what, remedy } = problemText({ ...told, code }, arabic);
      assert.match(what, /^[\u0600-\u06ff]/u, code);
      assert.match(remedy, /^[\u0600-\u06ff]/u, code);
    }
  });

  test("is what was told where the page does not know the code", () => {
    for (const code of ["", "NEW_RULE", "expired", "EXPIRED ", "constructor", "__proto__"]) {
      assert.equal(isProblemCode(code), false);
      for (const words of [english, arabic]) {
        const said = problemText({ ...told, code, detail: "a.test" }, words);
        assert.deepEqual(said, { what: told.message, detail: "", remedy: told.remedy });
      }
    }
  });

  test("quotes the certificate on every page, and has clauses in English on English ones alone", () => {
    const host = { ...told, code: "HOST_MISMATCH", detail: "a.test" };
    const day = { ...told, code: "EXPIRED", detail: "on 2026-11-19T06:59:59.000Z" };
    const american = { ...english, locale: "en-US" };
    assert.deepEqual(
      [english, american, arabic].map((words) => [problemText(host, words).detail, problemText(day, words).detail]),
      [
        ["a.test", day.detail],
        ["a.test", day.detail],
        ["a.test", ""],
      ],
    );
    assert.equal(problemText({ ...told, code: "EXPIRED" }, english).detail, "");
  });
});
