import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  AuthenticationError,
  FairleadError,
  FileError,
  formatErrorMessage,
  isCodedError,
  PolicyError,
  ProtocolError,
  StoreError,
  TimeoutError,
  TlsError,
  TransportError,
  UsageError,
  type CodedError,
  type ErrorFacts,
} from "@fairlead/core";

const classes: Readonly<Record<string, (facts?: ErrorFacts) => CodedError>> = {
  TransportError: (facts) => new TransportError("CONNECTION_REFUSED", facts),
  TlsError: (facts) => new TlsError("CERTIFICATE_EXPIRED", facts),
  AuthenticationError: (facts) => new AuthenticationError("KERBEROS_TICKET_MISSING", facts),
  ProtocolError: (facts) => new ProtocolError("RESPONSE_MALFORMED", facts),
  PolicyError: (facts) => new PolicyError("REDIRECT_LOOP", facts),
  TimeoutError: (facts) => new TimeoutError("connect", facts),
  FileError: (facts) => new FileError("FILE_NO_SPACE", facts),
  StoreError: (facts) => new StoreError("STORE_CORRUPT", facts),
  UsageError: (facts) => new UsageError("URL_INVALID", facts),
};

for (const [name, create] of Object.entries(classes)) {
  describe(name, () => {
    test("has its name, also in a stack trace", () => {
      const error = create();
      assert.equal(error.name, name);
      assert(error.stack?.startsWith(`${name}: ${error.message}\n`));
    });

    test("names the operation, the peer, what happened and the remedy, in this order", () => {
      const { message, remedy } = create({ operation: "connect", peer: "a.example:443" });
      assert.match(message, /^connect a\.example:443: [a-z].*; [a-z]/);
      assert(message.endsWith(`; ${remedy}`));
    });

    test("starts in lower case when nothing is known", () => {
      assert.match(create().message, /^[a-z][^:]*; [a-z]/);
    });

    test("carries peer, operation, remedy and cause as they were given", () => {
      const cause = new Error("below");
      const { peer, operation, remedy, cause: kept } = create({ peer: "p", operation: "o", remedy: "do r", cause });
      assert.deepEqual({ peer, operation, remedy }, { peer: "p", operation: "o", remedy: "do r" });
      assert.equal(kept, cause);
    });

    test("has no cause when there is none", () => {
      assert.equal(Object.hasOwn(create(), "cause"), false);
    });

    test("is recognised", () => {
      assert(isCodedError(create()));
    });
  });
}

describe("classes", () => {
  test("share a base, but for the caller's own mistakes", () => {
    for (const [name, create] of Object.entries(classes)) {
      assert.equal(create() instanceof FairleadError, name !== "UsageError");
      assert.equal(create() instanceof TypeError, name === "UsageError");
    }
  });

  test("tell with which status a server refused", () => {
    assert.equal(new PolicyError("STATUS_UNEXPECTED", { status: 404 }).status, 404);
    assert.equal(new PolicyError("REDIRECT_LOOP").status, undefined);
  });

  test("tell which deadline passed", () => {
    const error = new TimeoutError("secure", { peer: "a.example:443" });
    assert.equal(error.phase, "secure");
    assert.match(error.message, /^a\.example:443: the deadline passed \(phase secure\); /);
  });
});

describe("isCodedError", () => {
  const others: readonly unknown[] = [
    undefined,
    null,
    "CONNECTION_REFUSED",
    new Error("no code"),
    Object.assign(new Error("Node's"), { code: "ECONNREFUSED" }),
    Object.assign(new Error("numbered"), { code: 7, remedy: "none" }),
    Object.assign(new Error("half"), { code: "X", remedy: undefined }),
    { code: "X", remedy: "not an error", message: "" },
  ];
  for (const [index, value] of others.entries()) {
    test(`leaves other values alone (${index})`, () => {
      assert.equal(isCodedError(value), false);
    });
  }

  test("recognises errors of another copy of the package", () => {
    assert(isCodedError(Object.assign(new Error("elsewhere"), { code: "X", remedy: "mend it" })));
  });
});

describe("formatErrorMessage", () => {
  const entry = { what: "it broke", remedy: "mend it", fixer: "peer", retryHelps: false } as const;
  const cases: readonly (readonly [facts: ErrorFacts, message: string])[] = [
    [{}, "it broke; mend it"],
    [{ operation: "read" }, "read: it broke; mend it"],
    [{ peer: "p" }, "p: it broke; mend it"],
    [{ operation: "read", peer: "p", detail: "at byte 7" }, "read p: it broke (at byte 7); mend it"],
    [{ remedy: "turn it off" }, "it broke; turn it off"],
    [{ detail: "says \u001b[2J" }, "it broke (says \\u{1b}[2J); mend it"],
    [{ detail: "x".repeat(1_001) }, `it broke (${"x".repeat(1_000)}…); mend it`],
    [{ detail: "a\r\nb" }, "it broke (a\\u{d}\\u{a}b); mend it"],
    [{ peer: "\u202Emoc.elpmaxe" }, "\\u{202e}moc.elpmaxe: it broke; mend it"],
    [{ peer: "bücher.example" }, "bücher.example: it broke; mend it"],
  ];
  for (const [facts, message] of cases) {
    test(`writes ${message}`, () => {
      assert.equal(formatErrorMessage(entry, facts), message);
    });
  }

  test("is one line of text, whatever a peer sends", () => {
    const anything = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(anything, anything, (peer, detail) => {
        const message = formatErrorMessage(entry, { peer, detail });
        assert.doesNotMatch(message, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        assert(message.isWellFormed());
      }),
    );
  });
});
