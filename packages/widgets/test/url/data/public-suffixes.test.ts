import assert from "node:assert/strict";
import { test } from "node:test";
import { getDomain } from "tldts";
import { packedPublicSuffixes } from "../../../src/url-data/public-suffixes.ts";
import { unpackPublicSuffixes } from "../../../src/url/index.ts";

const { registrableDomainStart } = unpackPublicSuffixes(packedPublicSuffixes);

function ours(host: string): string | undefined {
  const start = registrableDomainStart(host);
  return start === undefined ? undefined : host.slice(start);
}

/** Hosts by the cases of publicsuffix.org, and the names of the list itself with labels before them. */
const hosts: readonly string[] = [
  ..."com example.com a.example.com uk co.uk b.co.uk a.b.co.uk ck www.ck x.ck a.x.ck kobe.jp city.kobe.jp".split(" "),
  ..."a.b.kobe.jp a.city.kobe.jp github.io a.github.io b.a.github.io localhost a.localhost example.com. co.uk.".split(
    " ",
  ),
  ..."xn--p1ai a.xn--p1ai xn--55qx5d.cn a.xn--55qx5d.cn . .com a..com ..com com.. unknown a.unknown b.a.unknown".split(
    " ",
  ),
  ...(packedPublicSuffixes.match(/[a-z0-9-]+[a-z0-9]/g) ?? []).flatMap((label) => [
    `a.b.${label}`,
    `x.${label}.com`,
    `${label}.jp`,
  ]),
];

/** As package `http` asks tldts, which knows nothing of dots at the end and of empty labels. */
function theirs(host: string): string | undefined {
  const name = host.replace(/\.$/, "");
  if (name === "" || name.startsWith(".") || name.includes("..") || name.endsWith(".")) return undefined;
  const options = { allowPrivateDomains: true, detectIp: false, extractHostname: false, validateHostname: false };
  const domain = getDomain(name, options);
  return domain === null ? undefined : domain + host.slice(name.length);
}

test("the registrable domain is the one that tldts knows, which package http asks", () => {
  for (const host of hosts) assert.equal(ours(host), theirs(host), host);
});
