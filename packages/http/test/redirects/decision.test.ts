import {
  decideRedirect,
  dropsField,
  REDIRECT_LIMIT,
  type RedirectContext,
  type RedirectDecision,
  type RedirectHop,
  type RedirectPolicy,
} from "@fairlead/http/redirects";
import { isSameSite } from "@fairlead/http/site";
import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";

const context: RedirectContext = {
  upgrade: (url) => (url.hostname === "hsts.example" ? new URL(url.href.replace("http:", "https:")) : url),
  isSameSite,
  isListed: (url, sites) => sites.includes(url.hostname),
};

interface Case {
  readonly from?: string;
  readonly to?: string | undefined;
  readonly status?: number;
  readonly method?: string;
  readonly body?: RedirectHop["body"];
  readonly policy?: RedirectPolicy;
  readonly history?: readonly URL[];
  readonly isHstsUpgrade?: boolean;
}

function decide(given: Case): RedirectDecision {
  const url = new URL(given.from ?? "https://a.example/start");
  return decideRedirect(
    given.policy ?? { type: "no-less-safe" },
    {
      url,
      method: given.method ?? "GET",
      status: given.status ?? 302,
      location: "to" in given ? given.to : "/next",
      isHstsUpgrade: given.isHstsUpgrade ?? false,
      body: given.body ?? "none",
    },
    given.history ?? [url],
    context,
  );
}

function followed(given: Case): Extract<RedirectDecision, { type: "follow" }>["next"] {
  const decision = decide(given);
  assert.equal(decision.type, "follow", JSON.stringify(decision));
  return decision.next;
}

function stopReason(given: Case): string {
  const decision = decide(given);
  return decision.type === "stop" ? decision.reason : decision.type;
}

test("the policy error has no redirect, with Location or without, and lets HSTS upgrade", () => {
  const policy = { type: "error" } as const;
  assert.equal(stopReason({ policy }), "REDIRECT_UNEXPECTED");
  assert.equal(stopReason({ policy, to: undefined }), "REDIRECT_UNEXPECTED");
  assert.equal(stopReason({ policy, status: 200 }), "respond");
  assert.equal(stopReason({ policy, status: 304 }), "respond");
  const upgrade = { from: "http://a.example/", to: "https://a.example/", status: 307, isHstsUpgrade: true };
  assert.equal(stopReason({ policy, ...upgrade }), "follow");
});

describe("RFC 9110 15.4, method and body", () => {
  const cases: [status: number, method: string, nextMethod: string, keepsBody: boolean][] = [
    [301, "GET", "GET", true],
    [301, "POST", "GET", false],
    [301, "PUT", "PUT", true],
    [301, "HEAD", "HEAD", true],
    [302, "POST", "GET", false],
    [302, "DELETE", "DELETE", true],
    [302, "PATCH", "PATCH", true],
    [303, "POST", "GET", false],
    [303, "PUT", "GET", false],
    [303, "HEAD", "HEAD", false],
    [303, "GET", "GET", false],
    [307, "POST", "POST", true],
    [307, "GET", "GET", true],
    [308, "POST", "POST", true],
    [308, "HEAD", "HEAD", true],
  ];
  for (const [status, method, nextMethod, keepsBody] of cases) {
    test(`${String(status)} ${method} becomes ${nextMethod} ${keepsBody ? "with" : "without"} its body`, () => {
      const next = followed({ status, method, body: "replayable" });
      assert.equal(next.method, nextMethod);
      assert.equal(next.keepsBody, keepsBody);
    });
  }

  test("a body that was read once stops a redirect that asks for it again, and no other", () => {
    for (const status of [307, 308]) {
      assert.equal(stopReason({ status, method: "POST", body: "used" }), "REDIRECT_BODY_NOT_REPLAYABLE");
    }
    for (const status of [301, 302, 303]) assert.equal(stopReason({ status, method: "POST", body: "used" }), "follow");
  });
});

describe("what is no redirect is the response", () => {
  for (const status of [200, 201, 204, 300, 304, 305, 306, 309, 399, 400]) {
    test(`status ${String(status)} with a Location`, () => {
      assert.equal(decide({ status }).type, "respond");
    });
  }
  test("no Location", () => {
    assert.equal(decide({ to: undefined }).type, "respond");
  });
  test("policy manual", () => {
    assert.equal(decide({ policy: { type: "manual" }, to: "http://[broken" }).type, "respond");
  });
});

describe("RFC 9110 10.2.2, Location", () => {
  const cases: [from: string, location: string, next: string][] = [
    ["https://a.example/x/y?q", "z", "https://a.example/x/z"],
    ["https://a.example/x/y?q", "?r", "https://a.example/x/y?r"],
    ["https://a.example/x", "//b.example/y", "https://b.example/y"],
    ["https://a.example/x#frag", "/y", "https://a.example/y#frag"],
    ["https://a.example/x#frag", "/y#other", "https://a.example/y#other"],
    ["https://a.example/x#frag", "/y#", "https://a.example/y#"],
    ["https://a.example/x", "", "https://a.example/x"],
    ["https://a.example/x", " /y ", "https://a.example/y"],
    ["https://a.example/x", "/ü?ä", "https://a.example/%C3%BC?%C3%A4"],
  ];
  for (const [from, location, next] of cases) {
    test(`${JSON.stringify(location)} from ${from} is ${next}`, () => {
      assert.equal(followed({ from, to: location }).url.href, next);
    });
  }
  for (const location of ["http://", "https://[::1", "https://user@b.example/", "https://u:p@b.example/", "//:0"]) {
    test(`${location} is refused`, () => {
      assert.equal(stopReason({ to: location }), "REDIRECT_LOCATION_INVALID");
    });
  }
  for (const location of [
    "javascript:alert(1)",
    "file:///etc/passwd",
    "data:text/html,x",
    "ftp://a.example/",
    "ws://a.example/",
  ]) {
    test(`the scheme of ${location} is refused under every policy`, () => {
      for (const type of ["no-less-safe", "same-origin", "same-site", "ask"] as const) {
        assert.equal(stopReason({ to: location, policy: { type } }), "REDIRECT_SCHEME_REFUSED");
      }
    });
  }
});

describe("policies", () => {
  const trusted: RedirectPolicy = { type: "trusted", from: ["a.example"], to: ["good.example"] };
  const cases: [policy: RedirectPolicy, from: string, to: string, outcome: string][] = [
    [{ type: "no-less-safe" }, "https://a.example/", "http://a.example/", "REDIRECT_LESS_SAFE"],
    [{ type: "no-less-safe" }, "https://a.example/", "http://hsts.example/", "follow"],
    [{ type: "no-less-safe" }, "http://a.example/", "http://b.example/", "follow"],
    [{ type: "no-less-safe" }, "http://a.example/", "https://b.example/", "follow"],
    [{ type: "same-origin" }, "https://a.example/", "https://a.example:443/x", "follow"],
    [{ type: "same-origin" }, "https://a.example/", "https://a.example:444/", "REDIRECT_CROSS_ORIGIN"],
    [{ type: "same-origin" }, "https://a.example/", "https://www.a.example/", "REDIRECT_CROSS_ORIGIN"],
    [{ type: "same-origin" }, "http://a.example/", "https://a.example/", "REDIRECT_CROSS_ORIGIN"],
    [{ type: "same-origin" }, "https://a.example/", "http://a.example/", "REDIRECT_LESS_SAFE"],
    [{ type: "same-origin" }, "https://hsts.example/", "http://hsts.example/", "follow"],
    [{ type: "same-site" }, "https://www.a.example/", "https://cdn.a.example:8443/", "follow"],
    [{ type: "same-site" }, "https://a.example/", "https://b.example/", "REDIRECT_CROSS_SITE"],
    [{ type: "same-site" }, "https://a.github.io/", "https://b.github.io/", "REDIRECT_CROSS_SITE"],
    [{ type: "same-site" }, "http://a.example/", "https://a.example/", "REDIRECT_CROSS_SITE"],
    [trusted, "https://a.example/", "https://any.example/", "follow"],
    [trusted, "https://b.example/", "https://good.example/", "follow"],
    [trusted, "https://b.example/", "https://b.example/x", "follow"],
    [trusted, "https://b.example/", "https://c.example/", "REDIRECT_NOT_LISTED"],
    [trusted, "https://a.example/", "http://good.example/", "REDIRECT_LESS_SAFE"],
    [{ type: "ask" }, "https://a.example/", "https://b.example/", "ask"],
    [{ type: "ask" }, "https://a.example/", "http://b.example/", "ask"],
  ];
  for (const [policy, from, to, outcome] of cases) {
    test(`${policy.type}: ${from} to ${to} gives ${outcome}`, () => {
      assert.equal(stopReason({ policy, from, to }), outcome);
    });
  }

  test("HSTS's own upgrade is followed whatever the policy, but handed out by manual", () => {
    const upgrade = { from: "http://hsts.example/", to: "https://hsts.example/", status: 307, isHstsUpgrade: true };
    for (const type of ["no-less-safe", "same-origin", "same-site", "ask"] as const) {
      assert.equal(stopReason({ ...upgrade, policy: { type } }), "follow");
    }
    assert.equal(stopReason({ ...upgrade, policy: { type: "manual" } }), "respond");
  });
  test("a question says what is at stake", () => {
    const decision = decide({ policy: { type: "ask" }, from: "https://a.example/", to: "http://b.example/" });
    assert.ok(decision.type === "ask" && decision.next.isLessSafe && decision.next.crossesOrigin);
  });
  test("the URL that follows is the one before HSTS, so that its hop can be seen", () => {
    assert.equal(followed({ to: "http://hsts.example/" }).url.href, "http://hsts.example/");
  });
});

describe("the limit of 20", () => {
  const chain = (length: number): URL[] => Array.from({ length }, (_, n) => new URL(`https://a.example/${String(n)}`));

  test("the 20th redirect is followed, and the 21st is not", () => {
    assert.equal(REDIRECT_LIMIT, 20);
    assert.equal(stopReason({ to: "/new", history: chain(20) }), "follow");
    assert.equal(stopReason({ to: "/new", history: chain(21) }), "REDIRECT_LIMIT");
  });
  test("a repeated URL below the limit is followed: a cookie may change the answer", () => {
    assert.equal(stopReason({ to: "/0", history: chain(5) }), "follow");
  });
  test("a loop is named by its round, without queries", () => {
    const round = ["https://a.example/x?secret=1", "https://a.example/y"].map((url) => new URL(url));
    const history = Array.from({ length: 21 }, (_, n) => round[n % 2] as URL);
    const decision = decide({ to: "/y", history });
    assert.deepEqual(decision, {
      type: "stop",
      reason: "REDIRECT_LOOP",
      detail: "https://a.example/y → https://a.example/x?… → https://a.example/y",
    });
  });
  test("a redirect to itself is a loop of one", () => {
    const history = Array.from({ length: 21 }, () => new URL("https://a.example/self"));
    const decision = decide({ to: "/self#other", history });
    assert.ok(decision.type === "stop" && decision.detail === "https://a.example/self → https://a.example/self");
  });
});

describe("fields that stay behind", () => {
  const bound = new Set(["x-api-key"]);
  const kept = (given: Case, names: readonly string[]): string[] => {
    const next = followed(given);
    return names.filter((name) => !dropsField(name, next, bound));
  };
  const secrets = ["authorization", "cookie", "proxy-authorization", "x-api-key", "host"];

  test("within the origin everything stays", () => {
    assert.deepEqual(kept({ to: "/next" }, [...secrets, "accept"]), [...secrets, "accept"]);
  });
  for (const to of ["https://b.example/", "https://a.example:444/", "https://www.a.example/"]) {
    test(`secrets do not go to ${to}`, () => {
      assert.deepEqual(kept({ to }, [...secrets, "accept"]), ["accept"]);
    });
  }
  test("http to https on one host changes the origin, unless it is HSTS's own upgrade", () => {
    const to = "https://a.example/start";
    assert.deepEqual(kept({ from: "http://a.example/start", to }, secrets), []);
    assert.deepEqual(kept({ from: "http://a.example/start", to, status: 307, isHstsUpgrade: true }, secrets), secrets);
  });
  test("a dropped body takes its description along", () => {
    const fields = [
      "content-type",
      "content-length",
      "content-encoding",
      "content-language",
      "content-location",
      "content-x",
    ];
    assert.deepEqual(kept({ status: 303, method: "POST", body: "replayable" }, [...fields, "accept"]), ["accept"]);
    assert.deepEqual(kept({ status: 303, method: "GET", body: "replayable" }, fields), []);
    assert.deepEqual(kept({ status: 302, method: "POST" }, fields), []);
    assert.deepEqual(kept({ status: 307, method: "POST", body: "replayable" }, fields), fields);
  });
  test("what is said without a body, and of none that is dropped, stays", () => {
    assert.deepEqual(kept({ status: 302, method: "GET" }, ["content-type"]), ["content-type"]);
    assert.deepEqual(kept({ status: 303, method: "HEAD" }, ["content-type"]), ["content-type"]);
    assert.deepEqual(kept({ status: 307, method: "POST" }, ["content-length"]), ["content-length"]);
  });
});

test("whatever Location arrives, the decision is made, and no policy but ask leads from https to http", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.webUrl({ validSchemes: ["http", "https"] })),
      fc.constantFrom<RedirectPolicy["type"]>("no-less-safe", "same-origin", "same-site"),
      fc.constantFrom(301, 302, 303, 307, 308),
      (to, type, status) => {
        const decision = decide({ to, status, policy: { type } as RedirectPolicy });
        if (decision.type === "follow") assert.equal(decision.next.url.protocol, "https:");
      },
    ),
  );
});
