import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import * as tough from "tough-cookie";
import {
  type Cookie,
  type CookieContext,
  CookieJar,
  decideStoreCookie,
  parseCookieDate,
  parseSetCookie,
  type StoreDecision,
} from "../../src/cookies/index.ts";
import { siteHost } from "../../src/site/index.ts";
import { hosts, plausibleFieldsOf, setCookieFields, urlsOf } from "./arbitraries.ts";
import { departures, type Step } from "./tough-cookie-departures.ts";

/** tough-cookie knows the time by itself; cookies here live for hours or not at all, so it does not matter which. */
const now = Date.now();
const foreign = new URL("https://other.example/");

/** tough-cookie, set up as near to 6265bis as its options go. */
class Peer {
  readonly #store = new tough.MemoryCookieStore();
  readonly #jar = new tough.CookieJar(this.#store, { looseMode: true, allowSecureOnLocal: false });

  receive({ fieldValue, context }: Step, time: number): void {
    const sameSiteContext = peerContext(context, "GET");
    const http = context.api !== "non-http";
    this.#jar.setCookieSync(fieldValue, context.url, { http, sameSiteContext, now: new Date(time), ignoreError: true });
  }

  cookieHeader(context: Step["context"]): string {
    const http = context.api !== "non-http";
    return this.#jar.getCookieStringSync(context.url, { http, sameSiteContext: peerContext(context) });
  }

  evictExpired(): void {
    for (const paths of Object.values(this.#store.idx)) {
      for (const names of Object.values(paths)) {
        for (const [name, cookie] of Object.entries(names)) {
          if ((cookie.expiryTime() ?? Infinity) <= now) Reflect.deleteProperty(names, name);
        }
      }
    }
  }
}

/** tough-cookie leaves it to the caller to say what a navigation may do: store by any method, send by a safe one. */
function peerContext(context: CookieContext, method = context.method): "strict" | "lax" | "none" {
  if (context.siteForCookies === undefined) return "strict";
  return context.topLevelNavigation === true && method === "GET" ? "lax" : "none";
}

/** What our jar would do with a step, without doing it. */
function decide(cookies: readonly Cookie[], { fieldValue, context }: Step): StoreDecision {
  const parsed = parseSetCookie(fieldValue);
  if (parsed.type === "ignore") return parsed;
  const ofSite = cookies.filter((cookie) => siteHost(cookie.domain) === siteHost(context.url.hostname));
  return decideStoreCookie(parsed.cookie, context, ofSite, now);
}

describe("the departures from tough-cookie", () => {
  for (const { what, why, example } of departures) {
    it(`are real: ${what} (${why})`, () => {
      const ours = new CookieJar();
      const theirs = new Peer();
      const siteForCookies = example.crossSite === true ? foreign : undefined;
      for (const [index, step] of example.steps.entries()) {
        const [fieldValue, href] = typeof step === "string" ? [step, example.url] : step;
        const context = { url: new URL(href), method: "GET" };
        ours.setCookie(fieldValue, context, now + index);
        theirs.receive({ fieldValue, context }, now + index);
      }
      const target = { url: new URL(example.url), method: "GET", siteForCookies };
      assert.equal(ours.cookieHeader(target, now), example.ours);
      assert.equal(theirs.cookieHeader(target), example.theirs);
      assert.notEqual(example.ours, example.theirs);
    });
  }
});

type Client = Omit<CookieContext, "url">;

describe("parseCookieDate and tough-cookie", () => {
  it("agree on every date, whatever arrives", () => {
    const token = fc.oneof(
      fc.constantFrom("1", "31", "0", "32", "001", "69", "70", "099", "1600", "1601", "2030", "20300", "29"),
      fc.constantFrom(
        "jan",
        "FEBRUARY",
        "Sep.",
        "de",
        "1:2:3",
        "23:59:59",
        "24:0:0",
        "0:60:0",
        "01:02:03x",
        "1:2",
        "1:2:003",
      ),
      fc.string({ unit: "grapheme-ascii", maxLength: 4 }),
    );
    const dates = fc.array(token, { maxLength: 8 }).map((tokens) => tokens.join(" "));
    fc.assert(
      fc.property(dates, (text) => {
        assert.equal(parseCookieDate(text), tough.parseDate(text)?.getTime());
      }),
      { numRuns: 3000 },
    );
  });
});

describe("CookieJar and tough-cookie", () => {
  const sameSite = fc.constantFrom<Client>({ method: "GET" }, { method: "GET", api: "non-http" });
  const anySite = fc.oneof(
    sameSite,
    fc.constantFrom<Client>(
      { method: "GET", siteForCookies: foreign },
      { method: "GET", siteForCookies: foreign, topLevelNavigation: true },
      { method: "POST", siteForCookies: foreign, topLevelNavigation: true },
    ),
  );
  const neighbours = fc.constantFrom("example.com", "www.example.com", "a.b.example.com", "example.org");
  const runs = fc.record({ crossSite: fc.boolean(), near: fc.boolean() }).chain(({ crossSite, near }) => {
    const someHosts = near ? neighbours : hosts;
    const contexts = fc
      .tuple(urlsOf(someHosts), crossSite ? anySite : sameSite)
      .map(([url, client]) => ({ ...client, url }));
    const plausible = plausibleFieldsOf(someHosts);
    const explicit = fc
      .tuple(plausible, fc.constantFrom("Strict", "Lax", "None; Secure"))
      .map((pair) => pair.join("; SameSite="));
    const fieldValues = fc.oneof({ weight: 9, arbitrary: crossSite ? explicit : plausible }, setCookieFields);
    const steps = fc.array(fc.record({ fieldValue: fieldValues, context: contexts }), { minLength: 1, maxLength: 10 });
    return fc.record({ crossSite: fc.constant(crossSite), steps, target: contexts });
  });

  it("agree on everything but the departures, whatever is set and asked", () => {
    let compared = 0;
    let withheld = 0;
    let sent = 0;
    fc.assert(
      fc.property(runs, ({ crossSite, steps, target }) => {
        const ours = new CookieJar();
        const theirs = new Peer();
        for (const [index, step] of steps.entries()) {
          const cookies = Array.from(ours.entries(), ([, cookie]) => cookie);
          const decision = decide(cookies, step);
          if (departures.some((departure) => departure.applies(step, decision, { crossSite, cookies }))) {
            withheld += 1;
            continue;
          }
          ours.setCookie(step.fieldValue, step.context, now + index);
          theirs.receive(step, now + index);
          theirs.evictExpired();
          compared += 1;
          for (const context of [step.context, target]) {
            const header = ours.cookieHeader(context, now);
            assert.equal(theirs.cookieHeader(context), header);
            if (header !== "") sent += 1;
          }
        }
      }),
      { numRuns: 3000 },
    );
    assert.ok(compared > withheld && sent > 1000, `${compared} compared, ${withheld} withheld, ${sent} sent`);
  });
});
