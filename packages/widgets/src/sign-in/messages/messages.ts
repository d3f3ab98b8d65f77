import type { CredentialsLifetime } from "../rules/credential-question.ts";
import type { EntryProblem, SignInScheme, SignInWarning } from "../rules/sign-in-form.ts";

/** What the question for credentials says. Text with values in it is a function, since languages order them differently. */
export interface SignInMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
  /** Stands before the origin of a server. */
  readonly serverAsks: string;
  /** Stands before the origin of a proxy. */
  readonly proxyAsks: string;
  /** Stands before the words that the server chose for its realm, which are quoted behind it. */
  readonly realm: string;
  /** Stands before the name of the scheme. */
  readonly method: string;
  readonly schemes: Readonly<Record<SignInScheme, string>>;
  /** What happens to what is typed, by scheme. */
  readonly explanations: Readonly<Record<SignInScheme, string>>;
  readonly encrypted: string;
  readonly warnings: Readonly<Record<Exclude<SignInWarning, "refused">, string>>;
  /** Stands before the site that is open. */
  readonly embeddedIn: string;
  /** @param username of the account; empty where it has no name. */
  readonly refused: (username: string) => string;
  readonly username: string;
  readonly password: string;
  readonly token: string;
  readonly show: string;
  readonly hide: string;
  /** Names of the button above, for those who do not see it. */
  readonly showSecret: string;
  readonly capsLock: string;
  /** A deliberate act, before a secret is sent where others read it. */
  readonly consent: string;
  readonly remember: string;
  readonly lifetimes: Readonly<Record<CredentialsLifetime, string>>;
  readonly problems: Readonly<Record<EntryProblem, string>>;
  readonly submit: string;
  readonly cancel: string;
}
