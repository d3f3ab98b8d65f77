import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { readServiceProblem } from "../../../src/patterns/protocol/service-problem.ts";

describe("what a service says went wrong", () => {
  const rows: readonly (readonly [service: string, status: number, content: unknown, problem: object | undefined])[] = [
    [
      "problem details, RFC 9457 section 3",
      403,
      {
        type: "https://example.com/probs/out-of-credit",
        title: "You do not have enough credit.",
        detail: "Your current balance is 30, but that costs 50.",
        instance: "/account/12345/msgs/abc",
        balance: 30,
      },
      {
        type: "https://example.com/probs/out-of-credit",
        title: "You do not have enough credit.",
        detail: "Your current balance is 30, but that costs 50.",
        instance: "/account/12345/msgs/abc",
        balance: 30,
      },
    ],
    [
      "problem details with errors of its own, RFC 9457 section 3",
      422,
      {
        type: "https://example.net/validation-error",
        title: "Your request is not valid.",
        errors: [{ detail: "must be a positive integer", pointer: "#/age" }],
      },
      {
        type: "https://example.net/validation-error",
        title: "Your request is not valid.",
        errors: [{ detail: "must be a positive integer", pointer: "#/age" }],
      },
    ],
    [
      "Google",
      400,
      {
        error: {
          code: 400,
          message: "Invalid value.",
          status: "INVALID_ARGUMENT",
          details: [
            {
              "@type": "type.googleapis.com/google.rpc.BadRequest",
              fieldViolations: [{ field: "book.title", description: "is empty" }],
            },
            {
              "@type": "type.googleapis.com/google.rpc.Help",
              links: [{ description: "help", url: "https://example.com/help" }],
            },
          ],
        },
      },
      {
        type: "about:blank",
        status: 400,
        code: "INVALID_ARGUMENT",
        detail: "Invalid value.",
        help: "https://example.com/help",
        errors: [{ at: "book.title", detail: "is empty" }],
      },
    ],
    [
      "Google, as it was",
      404,
      {
        error: {
          code: 404,
          message: "Not Found",
          errors: [{ domain: "global", reason: "notFound", message: "Not Found" }],
        },
      },
      {
        type: "about:blank",
        status: 404,
        code: 404,
        detail: "Not Found",
        errors: [{ code: "notFound", detail: "Not Found" }],
      },
    ],
    [
      "Azure",
      400,
      {
        error: {
          code: "BadArgument",
          message: "Several errors",
          target: "ContactInfo",
          details: [{ code: "NullValue", target: "PhoneNumber", message: "must not be null" }],
        },
      },
      {
        type: "about:blank",
        status: 400,
        code: "BadArgument",
        detail: "Several errors",
        errors: [{ code: "NullValue", at: "PhoneNumber", detail: "must not be null" }],
      },
    ],
    [
      "Stripe",
      402,
      {
        error: {
          type: "card_error",
          code: "card_declined",
          message: "Your card was declined.",
          param: "source",
          doc_url: "https://stripe.com/docs/error-codes/card-declined",
        },
      },
      {
        type: "about:blank",
        status: 402,
        title: "card_error",
        code: "card_declined",
        detail: "Your card was declined.",
        help: "https://stripe.com/docs/error-codes/card-declined",
        errors: [{ at: "source" }],
      },
    ],
    [
      "OAuth 2, RFC 6749 section 5.2",
      400,
      { error: "invalid_grant", error_description: "the code was used" },
      { type: "about:blank", status: 400, code: "invalid_grant", detail: "the code was used" },
    ],
    [
      "JSON:API",
      422,
      {
        errors: [
          {
            status: "422",
            source: { pointer: "/data/attributes/firstName" },
            title: "Invalid Attribute",
            detail: "must contain two characters",
          },
          { code: "226", source: { parameter: "include" } },
        ],
      },
      {
        type: "about:blank",
        status: 422,
        title: "Invalid Attribute",
        detail: "must contain two characters",
        errors: [
          { at: "/data/attributes/firstName", detail: "must contain two characters" },
          { at: "include", code: "226" },
        ],
      },
    ],
    [
      "GraphQL",
      200,
      {
        errors: [{ message: "no such field", path: ["hero", "friends", 1, "name"], extensions: { code: "NOT_FOUND" } }],
      },
      {
        type: "about:blank",
        status: 200,
        code: "NOT_FOUND",
        detail: "no such field",
        errors: [{ at: "hero.friends.1.name", code: "NOT_FOUND", detail: "no such field" }],
      },
    ],
    [
      "Kubernetes",
      422,
      {
        kind: "Status",
        apiVersion: "v1",
        status: "Failure",
        message: 'Pod "a" is invalid',
        reason: "Invalid",
        details: {
          name: "a",
          kind: "Pod",
          causes: [{ reason: "FieldValueRequired", message: "Required value", field: "spec.containers" }],
        },
        code: 422,
      },
      {
        type: "about:blank",
        status: 422,
        code: "Invalid",
        detail: 'Pod "a" is invalid',
        errors: [{ at: "spec.containers", code: "FieldValueRequired", detail: "Required value" }],
      },
    ],
    [
      "GitHub",
      422,
      {
        message: "Validation Failed",
        errors: [{ resource: "Issue", field: "title", code: "missing_field" }],
        documentation_url: "https://docs.github.com/rest",
      },
      {
        type: "about:blank",
        status: 422,
        detail: "Validation Failed",
        help: "https://docs.github.com/rest",
        errors: [{ at: "title", code: "missing_field" }],
      },
    ],
    [
      "Twilio",
      404,
      { code: 20404, message: "not found", more_info: "https://www.twilio.com/docs/errors/20404", status: 404 },
      {
        type: "about:blank",
        status: 404,
        code: 20404,
        detail: "not found",
        help: "https://www.twilio.com/docs/errors/20404",
      },
    ],
    [
      "errors that are text",
      400,
      { message: "no", errors: ["a is wrong"] },
      { type: "about:blank", status: 400, detail: "no", errors: [{ detail: "a is wrong" }] },
    ],
    ["what a page for people is read as", 500, "<html>", undefined],
    ["nothing", 500, null, undefined],
    ["an empty object", 500, {}, undefined],
    ["data", 500, { items: [1] }, undefined],
    ["an empty list of errors", 500, { errors: [] }, undefined],
  ];
  for (const [service, status, content, problem] of rows) {
    test(service, () => {
      assert.deepEqual(readServiceProblem(content, status), problem);
    });
  }

  test("keeps a hundred errors at most", () => {
    const errors = Array.from({ length: 500 }, () => ({ detail: "x" }));
    assert.equal(readServiceProblem({ errors }, 400)?.errors?.length, 100);
  });

  test("may be any JSON", () => {
    const names = [
      "error",
      "errors",
      "message",
      "detail",
      "code",
      "source",
      "details",
      "kind",
      "reason",
      "path",
      "fieldViolations",
      "links",
    ];
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.array(tie("value"), { maxLength: 4 }),
        tie("object"),
      ),
      object: fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 5 }),
    }));
    fc.assert(
      fc.property(value, (content) => {
        const problem = readServiceProblem(content, 400);
        if (problem !== undefined) assert.equal(typeof problem.type, "string");
      }),
    );
  });
});
