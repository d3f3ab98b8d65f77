/** Where Fairlead and tough-cookie 6.1 part, and why. Whatever is not in this table must agree. */
import {
  type Cookie,
  type CookieContext,
  cookieKey,
  decideStoreCookie,
  parseSetCookie,
  type StoreDecision,
} from "../../src/cookies/index.ts";
import { publicSuffix } from "../../src/site/index.ts";

/** One `Set-Cookie` field and where it came from. */
export interface Step {
  readonly fieldValue: string;
  readonly context: CookieContext & { readonly url: URL };
}

/** What a step is one of. */
export interface Run {
  /** Whether any of its requests is cross-site. */
  readonly crossSite: boolean;
  /** Our cookies, before the step. */
  readonly cookies: readonly Cookie[];
}

/** One row of the table. */
export interface Departure {
  readonly what: string;
  readonly why: string;
  /**
   * Whether a step falls under this row, given what our jar decides. As narrow as it can be said: steps that fall under
   * a row are kept from both jars.
   */
  readonly applies: (step: Step, decision: StoreDecision, run: Run) => boolean;
  /** Steps, all at one URL unless they say otherwise, and what each jar then sends to it. */
  readonly example: {
    readonly url: string;
    readonly steps: readonly (string | readonly [fieldValue: string, url: string])[];
    readonly crossSite?: true;
    readonly ours: string;
    readonly theirs: string;
  };
}

const ignoredFor = (...reasons: string[]) => {
  return (_step: Step, decision: StoreDecision): boolean =>
    decision.type === "ignore" && reasons.includes(decision.reason);
};
const matches = (pattern: RegExp) => {
  return (step: Step): boolean => pattern.test(step.fieldValue);
};

/** The table. */
export const departures: readonly Departure[] = [
  {
    what: "a control character voids the whole field, wherever it stands",
    why: "5.6 step 1; tough-cookie looks at name and value only, and not for DEL",
    applies: ignoredFor("control-character"),
    example: { url: "http://example.com/", steps: ["a=b\x7f", "c=d; Path=/\x01"], ours: "", theirs: "a=b\x7f" },
  },
  {
    what: "a tab within a name or a value stays",
    why: "5.6 step 1 leaves the tab out of the control characters",
    applies: matches(/\t/),
    example: { url: "http://example.com/", steps: ["a=b\tc"], ours: "a=b\tc", theirs: "" },
  },
  {
    what: "a field with characters above U+00FF is ignored",
    why: "a field value is octets; such a cookie could not be sent",
    applies: ignoredFor("not-octets"),
    example: { url: "http://example.com/", steps: ["a=\u0100"], ours: "", theirs: "a=\u0100" },
  },
  {
    what: "name and value have 4096 octets at most",
    why: "5.6 step 5; tough-cookie has no limit",
    applies: ignoredFor("too-long"),
    example: {
      url: "http://example.com/",
      steps: [`${"x".repeat(4096)}=y`],
      ours: "",
      theirs: `${"x".repeat(4096)}=y`,
    },
  },
  {
    what: "an attribute value of more than 1024 octets is skipped",
    why: "5.6 step 6; tough-cookie has no limit",
    applies: matches(/;[^;]{1025,}/),
    example: { url: "http://example.com/", steps: [`a=b; Path=/${"x".repeat(1024)}`], ours: "a=b", theirs: "" },
  },
  {
    what: "only spaces and tabs are trimmed",
    why: "5.6 step 4 names WSP; tough-cookie trims Unicode white space",
    applies: matches(/\u00a0/),
    example: { url: "http://example.com/", steps: ["a=\u00a0b"], ours: "a=\u00a0b", theirs: "a=b" },
  },
  {
    what: "neither name nor value is no cookie",
    why: "5.7 step 2; tough-cookie (in loose mode) stores it",
    applies: ignoredFor("empty"),
    example: { url: "http://example.com/", steps: ["a=b", "="], ours: "a=b", theirs: "a=b; " },
  },
  {
    what: "a nameless cookie keeps an equals sign in its value",
    why: "5.6 step 3 divides at the first one; tough-cookie (in loose mode) drops that and divides at the next",
    applies: matches(/^[ \t]*=[^;]*=/),
    example: { url: "http://example.com/", steps: ["=a=b", "a=c"], ours: "a=b; a=c", theirs: "a=c" },
  },
  {
    what: "a nameless cookie does not pass for a prefixed one",
    why: "5.7 step 22; tough-cookie has no such rule",
    applies: ignoredFor("nameless-prefix"),
    example: { url: "http://example.com/", steps: ["__Host-a"], ours: "", theirs: "__Host-a" },
  },
  {
    what: "prefixes match in any case",
    why: "5.4; tough-cookie follows an earlier draft",
    applies: (step, decision) =>
      ignoredFor("secure-prefix", "host-prefix")(step, decision) && !/^\s*__(Secure|Host)-/.test(step.fieldValue),
    example: { url: "https://example.com/", steps: ["__host-a=b; Path=/"], ours: "", theirs: "__host-a=b" },
  },
  {
    what: "a __Host- cookie may have a Path attribute whose default is /",
    why: "5.7 step 21.3 asks for the attribute and for the path, which 5.6.4 makes the default path",
    applies: (step, decision) =>
      decision.type !== "ignore" && /^\s*__Host-/.test(step.fieldValue) && !lastPathIsRoot(step),
    example: {
      url: "https://example.com/",
      steps: ["__Host-a=b; Secure; Path="],
      ours: "__Host-a=b",
      theirs: "",
    },
  },
  {
    what: "SameSite=None asks for Secure",
    why: "5.7 step 19; tough-cookie has no such rule",
    applies: ignoredFor("same-site-none-insecure"),
    example: { url: "http://example.com/", steps: ["a=b; SameSite=None"], ours: "", theirs: "a=b" },
  },
  {
    what: "without SameSite a cookie is as Lax",
    why: "5.8.3 step 3 and 5.7 step 18 except None only; tough-cookie treats it as None",
    applies: (step, _decision, run) => run.crossSite && givesNoSameSite(step),
    example: { url: "https://example.com/", steps: ["a=b"], crossSite: true, ours: "", theirs: "a=b" },
  },
  {
    what: "Secure cookies are left alone by insecure connections",
    why: "5.7 step 16; tough-cookie has no such rule",
    applies: ignoredFor("secure-cookie-exists"),
    example: {
      url: "https://example.com/",
      steps: ["a=b; Secure; Path=/", ["a=c; Path=/", "http://example.com/"]],
      ours: "a=b",
      theirs: "a=c",
    },
  },
  {
    what: "a host-only cookie and a domain cookie of one name live side by side",
    why: "5.7 step 23 compares the host-only-flag too; tough-cookie's store has no place for it",
    applies: meetsTwin,
    example: {
      url: "http://example.com/",
      steps: ["a=b", "a=c; Domain=example.com"],
      ours: "a=b; a=c",
      theirs: "a=c",
    },
  },
  {
    what: "an empty Domain takes an earlier one back",
    why: "5.7 step 7 takes the last attribute; tough-cookie skips empty ones",
    applies: matches(/domain\s*=[^;]+;.*domain\s*(=\s*\.?\s*)?(;|$)/i),
    example: {
      url: "http://www.example.com/",
      steps: ["a=b; Domain=example.org; Domain="],
      ours: "a=b",
      theirs: "",
    },
  },
  {
    what: "a public suffix may set a cookie for itself",
    why: "5.7 step 9.3 makes it host-only; tough-cookie refuses it, except for localhost, which it makes a domain cookie",
    applies: isSuffixForItself,
    example: { url: "http://github.io/", steps: ["a=b; Domain=github.io"], ours: "a=b", theirs: "" },
  },
  {
    what: "localhost is a public suffix",
    why: "URL Standard 3.2, rule *; tough-cookie lets a.localhost set cookies for localhost",
    applies: (step, decision) =>
      ignoredFor("public-suffix")(step, decision) && step.context.url.hostname.endsWith(".localhost"),
    example: {
      url: "http://localhost/",
      steps: [["a=b; Domain=localhost", "http://a.localhost/"]],
      ours: "",
      theirs: "a=b",
    },
  },
  {
    what: "a cookie does not reach across a public suffix",
    why: "policy (5.7 step 1): x.s3.amazonaws.com is not of the site amazonaws.com",
    applies: ignoredFor("other-site"),
    example: {
      url: "https://www.amazonaws.com/",
      steps: [["a=b; Domain=amazonaws.com", "https://x.s3.amazonaws.com/"]],
      ours: "",
      theirs: "a=b",
    },
  },
  {
    what: "a host with a trailing dot has a site",
    why: "URL Standard 3.2; tough-cookie finds no domain cookies for it",
    applies: (step) => step.context.url.hostname.endsWith("."),
    example: {
      url: "http://www.example.com./",
      steps: ["a=b; Domain=example.com."],
      ours: "a=b",
      theirs: "",
    },
  },
  {
    what: "an IPv6 address is compared in brackets",
    why: "that is how URLs write hosts; tough-cookie takes them off on one side",
    applies: (step) => step.context.url.hostname.startsWith("[") && /domain/i.test(step.fieldValue),
    example: { url: "http://[::1]/", steps: ["a=b; Domain=[::1]"], ours: "a=b", theirs: "" },
  },
  {
    what: "a request's path is not decoded",
    why: "5.1.4 compares octets; tough-cookie decodes the path",
    applies: (step) => step.context.url.pathname.includes("%"),
    example: { url: "http://example.com/%61/x", steps: ["a=b; Path=/a"], ours: "", theirs: "a=b" },
  },
  {
    what: "a cookie that comes back after its deletion is a new one",
    why: "5.7 evicts expired cookies at once; tough-cookie keeps them until asked, with their creation time",
    // Of deletions only: the test evicts what has expired from tough-cookie's store after each step.
    applies: () => false,
    example: {
      url: "http://example.com/",
      steps: ["a=1", "b=1", "a=; Max-Age=0", "a=2"],
      ours: "b=1; a=2",
      theirs: "a=2; b=1",
    },
  },
];

function lastPathIsRoot(step: Step): boolean {
  const last = [...step.fieldValue.matchAll(/;\s*path\s*=?([^;]*)/gi)].at(-1);
  return last?.[1]?.trim() === "/";
}

/** The cookie that a step is about, stored or deleted, if only its own words count. */
function lastingCookie({ fieldValue, context }: Step): Cookie | undefined {
  const parsed = parseSetCookie(fieldValue);
  if (parsed.type === "ignore") return undefined;
  const lasting = { ...parsed.cookie, maxAge: undefined, expires: undefined };
  const decision = decideStoreCookie(lasting, { url: context.url }, [], 0);
  return decision.type === "store" ? decision.cookie : undefined;
}

function givesNoSameSite({ fieldValue }: Step): boolean {
  const parsed = parseSetCookie(fieldValue);
  return parsed.type === "cookie" && parsed.cookie.sameSite === "Default";
}

/** Whether there is a cookie that differs from the step's in nothing but the host-only-flag. */
function meetsTwin(step: Step, _decision: StoreDecision, run: Run): boolean {
  const cookie = lastingCookie(step);
  return (
    cookie !== undefined &&
    run.cookies.some((other) => cookieKey({ ...other, hostOnly: !other.hostOnly }) === cookieKey(cookie))
  );
}

function isSuffixForItself({ fieldValue, context }: Step, decision: StoreDecision): boolean {
  const host = context.url.hostname;
  return decision.type !== "ignore" && publicSuffix(host) === host && /domain/i.test(fieldValue);
}
