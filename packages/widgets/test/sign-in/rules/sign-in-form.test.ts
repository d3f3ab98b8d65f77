import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CredentialQuestion } from "../../../src/sign-in/rules/credential-question.ts";
import { entryProblem, signInForm } from "../../../src/sign-in/rules/sign-in-form.ts";

const question: CredentialQuestion = {
  role: "origin",
  origin: "https://bank.example",
  realm: "",
  scheme: "digest",
  isPlain: false,
};

describe("the form for a question for credentials", () => {
  test("warns of nothing where the server is asked over TLS", () => {
    const form = signInForm(question);
    assert.deepEqual([form.scheme, form.fields, form.warnings, form.needsConsent], ["digest", "password", [], false]);
  });

  for (const [scheme, warning, needsConsent] of [
    ["Basic", "secret-in-the-clear", true],
    ["bearer", "secret-in-the-clear", true],
    ["hoba", "secret-in-the-clear", true],
    ["ntlm", "guessable-in-the-clear", false],
    ["digest", "content-in-the-clear", false],
    ["negotiate", "content-in-the-clear", false],
  ] as const) {
    test(`says what ${scheme} means in the clear, and asks for a deliberate act where the secret itself is sent`, () => {
      const form = signInForm({ ...question, scheme, isPlain: true });
      assert.deepEqual([form.warnings, form.needsConsent], [[warning], needsConsent]);
    });
  }

  test("tells a part of another site from the site itself", () => {
    const isFlagged = (embeddedIn: string, role: "origin" | "proxy" = "origin"): boolean =>
      signInForm({ ...question, role, embeddedIn }).warnings.includes("embedded");
    assert.equal(isFlagged("https://news.example"), true);
    assert.equal(isFlagged("no URL"), true);
    assert.equal(isFlagged("https://bank.example/"), false);
    assert.equal(isFlagged(""), false);
    assert.equal(isFlagged("https://news.example", "proxy"), false);
  });

  test("names the account that was refused last, even one without a name", () => {
    assert.equal(signInForm({ ...question, refused: ["a", "b"] }).lastRefused, "b");
    assert.deepEqual(signInForm({ ...question, refused: [""] }).warnings, ["refused"]);
    assert.deepEqual(signInForm({ ...question, refused: [] }).warnings, []);
  });
});

describe("what was typed", () => {
  const basic = signInForm({ ...question, scheme: "basic", isPlain: true });
  const entry = { username: "alice", secret: "s", consents: true };

  test("can be sent when all is there, with an empty password, too", () => {
    assert.equal(entryProblem(entry, basic), undefined);
    assert.equal(entryProblem({ ...entry, secret: "" }, basic), undefined);
  });

  test("cannot be sent without a name, without consent, or with what Basic cannot carry (RFC 7617 section 2)", () => {
    assert.equal(entryProblem({ ...entry, username: "" }, basic), "username-missing");
    assert.equal(entryProblem({ ...entry, consents: false }, basic), "consent-missing");
    assert.equal(entryProblem({ ...entry, username: "a:b" }, basic), "username-colon");
    assert.equal(entryProblem({ ...entry, username: "a\u0000" }, basic), "username-control");
    assert.equal(entryProblem({ ...entry, username: "a:b" }, signInForm(question)), undefined);
  });

  test("needs a token where a token is wanted, and no name", () => {
    const token = signInForm({ ...question, scheme: "bearer" });
    assert.equal(entryProblem({ username: "", secret: "", consents: false }, token), "secret-missing");
    assert.equal(entryProblem({ username: "", secret: "t", consents: false }, token), undefined);
  });
});
