import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mayAnswerFor, NOBODY } from "../../src/cache/index.ts";
import { fields } from "./heads.ts";

const user = { ...NOBODY, authorization: "a" };
const visitor = { ...NOBODY, cookies: "a" };
const client = { ...NOBODY, certificate: "a" };
const open = "Cache-Control: public";

describe("a response that was made for one user may answer another (RFC 9111 sections 3.5 and 7.1)", () => {
  for (const [title, made, asking, lines, expected] of [
    ["nobody, by nobody", NOBODY, NOBODY, [], true],
    ["a user, by the same", user, user, [], true],
    ["a user, by another", user, { ...user, authorization: "b" }, [], false],
    ["a user, by nobody", user, NOBODY, [], false],
    ["nobody, by a user", NOBODY, user, [], false],
    ["a user, by another, public", user, { ...user, authorization: "b" }, [open], true],
    ["a user, by nobody, must-revalidate", user, NOBODY, ["Cache-Control: must-revalidate"], true],
    ["a visitor, by the same", visitor, visitor, [], true],
    ["a visitor, by another", visitor, { ...visitor, cookies: "b" }, [], false],
    ["a visitor, by nobody", visitor, NOBODY, [], false],
    ["a visitor, by another, must-revalidate", visitor, NOBODY, ["Cache-Control: must-revalidate"], false],
    ["a visitor, by another, public", visitor, NOBODY, [open], true],
    ["nobody, by a visitor", NOBODY, visitor, [], true],
    ["a client with a certificate, by the same", client, client, [], true],
    ["a client with a certificate, by nobody, public", client, NOBODY, [open], false],
    ["nobody, by a client with a certificate, public", NOBODY, client, [open], false],
  ] as const) {
    test(`made for ${title}: ${expected ? "yes" : "no"}`, () => {
      assert.equal(mayAnswerFor(made, asking, fields(...lines)), expected);
    });
  }
});
