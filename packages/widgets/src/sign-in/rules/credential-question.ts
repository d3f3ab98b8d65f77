/** Who wants to know who the user is, and what of it a person has to know before typing anything. */
export interface CredentialQuestion {
  /** `origin` for a server, `proxy` for a proxy on the way. */
  readonly role: "origin" | "proxy";
  /** Of who asks: `https://bank.example`. */
  readonly origin: string;
  /** What it calls the space that the answer is for; empty where it has no name. It chose the words itself. */
  readonly realm: string;
  /** As `AuthenticationQuestion` of @fairlead/access has it: `basic`, `digest`, `negotiate`, `ntlm`, `bearer`, or another name. */
  readonly scheme: string;
  /** Whether what is sent to it can be read on the way. */
  readonly isPlain: boolean;
  /** The site in which that is embedded, `https://news.example`; empty or left out where it is not. */
  readonly embeddedIn?: string | undefined;
  /** Who it has to be, where that is settled already. */
  readonly username?: string | undefined;
  /** The accounts that were answered before and refused, the latest last. */
  readonly refused?: readonly string[] | undefined;
  /** Whether the answer may be kept over restarts; false where left out. */
  readonly canStore?: boolean | undefined;
}

/** For how long an answer is good, as @fairlead/access names it. */
export type CredentialsLifetime = "once" | "memory" | "store";

/** What a person answered. */
export type EnteredCredentials =
  | {
      readonly type: "password";
      readonly username: string;
      readonly password: string;
      readonly remember: CredentialsLifetime;
    }
  | { readonly type: "token"; readonly token: string; readonly remember: CredentialsLifetime };
