import assert from "node:assert/strict";
import { hstsFamily } from "../../src/endpoints/hsts.ts";
import { type Check, describeFamily } from "./describe-family.ts";

const year = "max-age=31536000";

describeFamily(hstsFamily, {
  "/hsts?value=VALUE": async ({ get }) => {
    const response = await get("/hsts?value=max-age%3D1&value=max-age%3D2%3B%20includeSubDomains");
    assert.deepEqual(response.field("strict-transport-security"), ["max-age=1", "max-age=2; includeSubDomains"]);
    assert.deepEqual((await get("/hsts")).field("strict-transport-security"), [year]);
  },
  "/hsts/good/year": sends("good/year", year),
  "/hsts/good/subdomains": sends("good/subdomains", `${year}; includeSubDomains`),
  "/hsts/good/forget": sends("good/forget", "max-age=0"),
  "/hsts/good/quoted": sends("good/quoted", 'max-age="31536000"'),
  "/hsts/good/case": sends("good/case", "MAX-AGE=31536000; IncludeSubdomains"),
  "/hsts/good/spaces": sends("good/spaces", "max-age = 31536000 ;; includeSubDomains ;"),
  "/hsts/good/unknown": sends("good/unknown", `${year}; preload; future="a;b=c"`),
  "/hsts/good/overflow": sends("good/overflow", `max-age=${"9".repeat(40)}`),
  "/hsts/good/two-fields": sends("good/two-fields", year, "max-age=0"),
  "/hsts/bad/no-max-age": sends("bad/no-max-age", "includeSubDomains"),
  "/hsts/bad/empty": sends("bad/empty", ""),
  "/hsts/bad/not-a-number": sends("bad/not-a-number", "max-age=forever"),
  "/hsts/bad/negative": sends("bad/negative", "max-age=-1"),
  "/hsts/bad/no-value": sends("bad/no-value", "max-age"),
  "/hsts/bad/twice": sends("bad/twice", `${year}; ${year}`),
  "/hsts/bad/valued-flag": sends("bad/valued-flag", `${year}; includeSubDomains=x`),
  "/hsts/bad/flag-twice": sends("bad/flag-twice", `${year}; includeSubDomains; includeSubDomains`),
  "/hsts/bad/open-quote": sends("bad/open-quote", 'max-age="31536000'),
  "/hsts/bad/comma": sends("bad/comma", `${year}, includeSubDomains`),
  "/hsts/bad/first-bad": sends("bad/first-bad", "includeSubDomains", "max-age=1"),
});

function sends(name: string, ...fields: readonly string[]): Check {
  return async ({ get }) => {
    assert.deepEqual((await get(`/hsts/${name}`)).field("strict-transport-security"), fields);
  };
}
