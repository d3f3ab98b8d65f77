import assert from "node:assert/strict";
import { test } from "node:test";
import { admitsOrigin, type OriginPolicy } from "@fairlead/http/websocket";

const table: readonly [origin: string | undefined, authority: string, policy: OriginPolicy, admitted: boolean][] = [
  [undefined, "a.example", "same", true],
  [undefined, "a.example", [], true],
  ["https://a.example", "a.example", "same", true],
  ["https://A.example", "a.EXAMPLE:443", "same", true],
  ["http://a.example", "a.example:80", "same", true],
  ["http://a.example:8080", "a.example:8080", "same", true],
  ["http://[::1]:8080", "[::1]:8080", "same", true],
  ["https://a.example", "a.example:8443", "same", false],
  ["https://a.example:8443", "a.example", "same", false],
  ["https://b.example", "a.example", "same", false],
  ["https://a.example.b.example", "a.example", "same", false],
  ["https://a.example@b.example", "a.example", "same", false],
  ["https://b.example/", "b.example", "same", false],
  ["null", "null", "same", false],
  ["", "", "same", false],
  ["https://", "", "same", false],
  ["file://a.example", "a.example", "same", false],
  ["https://a.example", "user@a.example", "same", false],
  ["https://a.example, https://b.example", "a.example", "same", false],
  ["https://b.example", "a.example", ["https://b.example"], true],
  ["https://a.example", "a.example", ["https://b.example"], false],
  ["null", "a.example", ["null"], true],
  ["https://b.example", "a.example", "any", true],
];
for (const [origin, authority, policy, admitted] of table) {
  const whose = origin === undefined ? "a program" : `a page of '${origin}'`;
  test(`${whose} ${admitted ? "may" : "may not"} open a WebSocket on '${authority}' by ${JSON.stringify(policy)}`, () => {
    assert.equal(admitsOrigin(origin, authority, policy), admitted);
  });
}
