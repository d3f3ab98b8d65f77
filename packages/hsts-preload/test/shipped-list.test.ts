import { openPreloadList } from "@fairlead/hsts-preload";
import { isKnownHstsHost } from "@fairlead/http/hsts";
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { describe, test } from "node:test";
import { listedNames } from "./listed-names.ts";

const list = openPreloadList();
const listed = listedNames();
const names = [...listed.keys()];

describe("the shipped list", () => {
  test("has 169,312 names in 1.5 MB", () => {
    assert.equal(list.size, 169_312);
    assert.equal(listed.size, list.size);
    assert(statSync(new URL("../data/hsts-preload.bin", import.meta.url)).size < 1_500_000);
  });

  test("answers rightly for every name that is listed", () => {
    assert.deepEqual(
      names.filter((name) => list.find(name)?.includeSubDomains !== listed.get(name)),
      [],
    );
  });

  test("gives back all of its names, and no other", () => {
    const given = new Map([...list.entries()].map(([host, { includeSubDomains }]) => [host, includeSubDomains]));
    assert.equal(given.size, list.size);
    assert.deepEqual(
      names.filter((name) => given.get(name) !== listed.get(name)),
      [],
    );
  });

  test("knows none of 200,000 neighbours, beginnings, ends and subdomains that are not listed", () => {
    let asked = 0;
    const wrong: string[] = [];
    for (let index = 0; asked < 200_000; index++) {
      for (const other of unlisted(names[index % names.length] ?? "", Math.floor(index / names.length))) {
        asked++;
        if (list.find(other) !== undefined) wrong.push(other);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test("RFC 6797 8.2: a name below a listed one is known where that includes its subdomains, and only there", () => {
    const lookUp = (host: string): { readonly includeSubDomains: boolean } | undefined => list.find(host);
    const wrong = names.filter((name) => {
      const below = `below.${name}`;
      return isKnownHstsHost(below, lookUp) !== knownByHand(below);
    });
    assert.deepEqual(wrong, []);
  });

  test("single names of each kind", () => {
    assert.deepEqual(list.find("dev"), { includeSubDomains: true }, "a top-level domain");
    assert.deepEqual(list.find("noincludesubdomains.preloaded.test"), { includeSubDomains: false }, "a host alone");
    assert.deepEqual(list.find("includesubdomains.preloaded.test"), { includeSubDomains: true });
    assert.deepEqual(list.find("xn--jlq480n2rg"), { includeSubDomains: true }, "an A-label");
    for (const none of ["", ".", "com", "example.com", "DEV", "dev.", ".dev", "d\0v", "münchen.de", "a".repeat(300)]) {
      assert.equal(list.find(none), undefined, none);
    }
  });
});

/** Names close to a listed one, none of which is listed itself; more of them when the list is gone through again. */
function unlisted(name: string, round: number): string[] {
  const last = name.length - 1;
  const next = String.fromCharCode(name.charCodeAt(last) + 1);
  const others = [`${name}${next}`, name.slice(0, last) + next, name.slice(1), name.slice(0, last), `x.${name}`];
  return [...others, `${String(round)}-${name}`, `${name}.${name}`].filter((other) => !listed.has(other));
}

/** Superdomain matches, from the names as they are. */
function knownByHand(host: string): boolean {
  const labels = host.split(".");
  return labels.some((_, above) => {
    const includes = listed.get(labels.slice(above).join("."));
    return includes === true || (above === 0 && includes === false);
  });
}
