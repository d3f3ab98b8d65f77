import assert from "node:assert/strict";
import { test } from "node:test";
import { loadUrlData } from "../../../src/url-data/load-url-data.ts";
import { type CueFacts, displayUrl, knownSites, phishingCues } from "../../../src/url/index.ts";

const data = await loadUrlData();
const visited = knownSites(["example-bank.com", "fairlead.dev", "xn--mller-kva.de"], data.confusables);

/** What is told about a URL: each cue as its type, certainty and what it is about. */
function told(url: string, facts: CueFacts = { ...data, visited }): readonly string[] {
  return phishingCues(displayUrl(url, facts), facts).map((cue) => {
    const about = "of" in cue ? [cue.of] : [];
    const how = cue.type === "look-alike" ? [cue.how] : cue.type === "deceptive-name" ? [cue.where] : [];
    return [cue.certainty, cue.type, ...how, ...about].join(" ");
  });
}

const deceptions: readonly (readonly [url: string, ...cues: readonly string[]])[] = [
  ["https://paypa1.com/", "likely look-alike same-to-the-eye paypal.com"],
  ["https://rnicrosoft.com", "likely look-alike same-to-the-eye microsoft.com"],
  ["https://vvikipedia.org", "likely look-alike same-to-the-eye wikipedia.org"],
  ["https://xn--80ak6aa92e.com/", "likely look-alike same-to-the-eye apple.com"],
  ["https://exarnple-bank.com/", "likely look-alike same-to-the-eye example-bank.com"],
  ["https://muller.de", "likely look-alike same-to-the-eye xn--mller-kva.de"],
  ["https://g00gle.com", "likely look-alike digits-for-letters google.com"],
  ["https://wellsfarg0.com", "likely look-alike digits-for-letters wellsfargo.com"],
  ["https://gooogle.com", "possible look-alike one-character google.com"],
  ["https://googel.com", "possible look-alike one-character google.com"],
  ["https://example-bamk.com", "possible look-alike one-character example-bank.com"],
  ["https://paypal.com.evil.example/", "likely deceptive-name subdomain paypal.com"],
  ["https://secure-paypal-com.evil.example/", "likely deceptive-name subdomain paypal.com"],
  ["https://login.ebay.co.uk.evil.example/", "likely deceptive-name subdomain ebay.co.uk"],
  ["https://login-paypal.com/", "likely deceptive-name registrable-domain paypal.com"],
  ["https://paypal.secure-login.example", "possible deceptive-name subdomain paypal.com"],
  [`https://${"a".repeat(45)}.example.org/`, "possible hidden-domain"],
];

test("each deception is told, with what it is taken for", () => {
  for (const [url, ...cues] of deceptions) assert.deepEqual(told(url), cues, url);
});

test("nothing is told about sites that the user visits, well-known sites, and names that are honest", () => {
  for (const url of [
    "https://example-bank.com/login",
    "https://accounts.google.com/",
    "https://support.apple.com/",
    "https://www.amazon.de/login",
    "https://fairlead.de/",
    "https://paypal.de/",
    "https://github.example.com/",
    "https://apple-pie.example.com/",
    "https://target-practice.com/",
    "https://o2.de/",
    "https://mueller.de/",
    "https://localhost/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "data:text/html,paypal.com",
    "no URL",
  ]) {
    assert.deepEqual(told(url), [], url);
  }
});

test("without the lists no name is a cue", () => {
  for (const [url] of deceptions) assert.ok(told(url, {}).every((cue) => cue.includes("hidden-domain")));
});

test("a certificate of the last day is a hint, except on a site that the user visits", () => {
  const hour = 3_600_000;
  const now = 1_800_000_000_000;
  const facts = (age: number): CueFacts => ({ ...data, visited, now, certificateNotBefore: now - age });
  assert.deepEqual(told("https://new.example/", facts(23 * hour)), ["possible fresh-certificate"]);
  assert.deepEqual(told("https://new.example/", facts(24 * hour)), []);
  assert.deepEqual(told("https://new.example/", facts(-hour)), []);
  assert.deepEqual(told("https://example-bank.com/", facts(hour)), []);
});

test("a field for a password over http is a warning, on this machine it is none", () => {
  const facts = { ...data, visited, hasPasswordField: true };
  assert.deepEqual(told("http://example-bank.com/", facts), ["likely password-in-the-clear"]);
  for (const url of ["https://new.example/", "http://localhost:8080/", "http://127.0.0.1/", "http://[::1]/"]) {
    assert.deepEqual(told(url, facts), [], url);
  }
});
