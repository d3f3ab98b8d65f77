import type { CredentialQuestion } from "./credential-question.ts";

/** How the user shows who they are, as far as it matters to them. */
export type SignInScheme = "basic" | "digest" | "negotiate" | "ntlm" | "bearer" | "other";

/** Something to know before anything is typed, the gravest first. */
export type SignInWarning =
  /** Everybody on the way reads what is typed. It is sent only after a deliberate act. */
  | "secret-in-the-clear"
  /** What is typed cannot be read, but what it opens can, and can be changed. */
  | "content-in-the-clear"
  /** NTLM in the clear: a recorded exchange lets passwords be guessed. */
  | "guessable-in-the-clear"
  /** Who asks is not the site that is open. */
  | "embedded"
  /** What was answered before was refused. */
  | "refused";

/** What the form for a question has. */
export interface SignInForm {
  readonly scheme: SignInScheme;
  readonly fields: "password" | "token";
  readonly warnings: readonly SignInWarning[];
  /** Whether the user has to say first that the secret may be read by others. */
  readonly needsConsent: boolean;
  /** The account that was refused last; `undefined` for none, empty for one without a name. */
  readonly lastRefused: string | undefined;
  /** Who it has to be; `undefined` where the user says. */
  readonly fixedUsername: string | undefined;
}

/**
 * Decides what the form for a question has.
 *
 * @see RFC 7617 section 4; RFC 7616 section 5.2; RFC 6750 section 5.3
 */
export function signInForm(question: CredentialQuestion): SignInForm {
  const scheme = schemeOf(question.scheme);
  const lastRefused = question.refused?.at(-1);
  const inTheClear = question.isPlain ? clearWarning(scheme) : undefined;
  const isEmbedded = isOtherSite(question);
  return {
    scheme,
    fields: scheme === "bearer" ? "token" : "password",
    warnings: [
      ...(inTheClear === undefined ? [] : [inTheClear]),
      ...(isEmbedded ? (["embedded"] as const) : []),
      ...(lastRefused === undefined ? [] : (["refused"] as const)),
    ],
    needsConsent: inTheClear === "secret-in-the-clear",
    lastRefused,
    fixedUsername: question.username,
  };
}

/** What is wrong with what was typed. */
export type EntryProblem =
  | "username-missing"
  | "username-colon"
  | "username-control"
  | "secret-missing"
  | "consent-missing";

/** What was typed, before it is sent. */
export interface Entry {
  readonly username: string;
  /** The password or token. */
  readonly secret: string;
  readonly consents: boolean;
}

/**
 * What is wrong with what was typed; `undefined` where it can be sent. An empty password may be a password.
 *
 * @see RFC 7617 section 2: a user name of Basic has no colon, and neither part control characters.
 */
export function entryProblem({ username, secret, consents }: Entry, form: SignInForm): EntryProblem | undefined {
  if (form.fields === "token") {
    if (secret === "") return "secret-missing";
  } else if (username === "") return "username-missing";
  else if (form.scheme === "basic" && username.includes(":")) return "username-colon";
  else if (/\p{Cc}/u.test(username)) return "username-control";
  return form.needsConsent && !consents ? "consent-missing" : undefined;
}

function schemeOf(name: string): SignInScheme {
  const known = ["basic", "digest", "negotiate", "ntlm", "bearer"] as const;
  return known.find((each) => each === name.toLowerCase()) ?? "other";
}

function clearWarning(scheme: SignInScheme): SignInWarning {
  switch (scheme) {
    // Of a scheme that nobody here knows, the worst is to be expected.
    case "basic":
    case "bearer":
    case "other":
      return "secret-in-the-clear";
    case "ntlm":
      return "guessable-in-the-clear";
    case "digest":
    case "negotiate":
      return "content-in-the-clear";
  }
}

/** A proxy asks on behalf of nobody. */
function isOtherSite({ role, origin, embeddedIn = "" }: CredentialQuestion): boolean {
  if (role === "proxy" || embeddedIn === "") return false;
  const site = URL.parse(embeddedIn);
  return site === null || site.origin !== URL.parse(origin)?.origin;
}
