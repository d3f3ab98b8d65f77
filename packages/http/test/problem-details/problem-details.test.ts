import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readProblemDetails } from "@fairlead/http/problem-details";

describe("readProblemDetails (RFC 9457 section 3)", () => {
  it("reads the five members, and the problem type's own", () => {
    const problem = {
      type: "https://pets.example/none",
      title: "none",
      status: 404,
      detail: "no pet is called so",
      instance: "/pets/7",
      pet: 7,
    };
    assert.deepEqual(readProblemDetails(problem), problem);
  });

  it("has a type where none is said: section 4.2.1", () => {
    assert.deepEqual(readProblemDetails({}), { type: "about:blank" });
  });

  it("leaves out a member of another type than it should have: section 3.1", () => {
    const wrong = { type: 7, title: {}, status: "404", detail: null, instance: false, own: [1] };
    assert.deepEqual(readProblemDetails(wrong), { type: "about:blank", own: [1] });
  });

  it("is undefined for what is no object", () => {
    for (const value of [undefined, null, 7, "x", [1]]) assert.equal(readProblemDetails(value), undefined);
  });

  it("leaves out what would be the prototype of a copy", () => {
    const problem = readProblemDetails(JSON.parse('{"title":"t","__proto__":{"isAdmin":true}}'));
    assert.deepEqual(Object.keys(problem ?? {}), ["type", "title"]);
    assert.equal(Object.assign({}, problem)["isAdmin"], undefined);
  });
});
