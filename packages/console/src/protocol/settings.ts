import type { OfferedTls, TlsChoice } from "@fairlead/widgets/tls-settings";

/**
 * How the console's manager is opened: plain data. `PUT api/settings` opens another manager with it in place of the one
 * before, which ends what is under way and is closed; the list of transactions stays.
 */
export interface ConsoleSettings {
  readonly tls: TlsChoice;
  /** The `id` of one of the stores that are offered. */
  readonly store: string;
  readonly proxy: ChosenProxy;
  readonly redirect: ChosenRedirects;
  readonly timeouts: ChosenTimeouts;
  readonly http2: boolean;
  readonly cookies: boolean;
  readonly cache: boolean;
  /** Whether the preload list of browsers counts. */
  readonly hstsPreload: boolean;
  readonly dangerous: {
    /** Sends passwords and tokens where everybody on the way can read them. */
    readonly sendSecretsInTheClear: boolean;
  };
}

/** Which way requests go. */
export type ChosenProxy =
  /** As the program was started: its command line, or else its environment. */
  | { readonly type: "environment" }
  | { readonly type: "none" }
  /** `http:`, `https:`, `socks4a:`, `socks5:`; the password, if any, is asked for. */
  | { readonly type: "url"; readonly url: string }
  /** A script that chooses. */
  | { readonly type: "pac"; readonly url: string };

/** Which redirects are followed: the policies of @fairlead/http that need no names of sites. */
export type ChosenRedirects = "no-less-safe" | "ask" | "same-origin" | "same-site" | "manual" | "error";

/** The phases that have a deadline, in the order in which they come. */
export const timedPhases = ["resolve", "connect", "secure", "request", "response", "body", "total"] as const;

/** Milliseconds, 1 at least; `null`, of the whole request alone, for no end. */
export type ChosenTimeouts = Readonly<
  Record<Exclude<(typeof timedPhases)[number], "total">, number> & Record<"total", number | null>
>;

/** What `GET api/settings` and `PUT api/settings` answer. */
export interface SettingsPage {
  readonly settings: ConsoleSettings;
  readonly offered: {
    readonly tls: OfferedTls;
    readonly stores: readonly OfferedStore[];
  };
  /** Whether they are the console's own to change; those of an attached program are not. */
  readonly isChangeable: boolean;
}

/** Where the manager may remember. */
export interface OfferedStore {
  readonly id: string;
  /** In a few words: `memory`, a path. */
  readonly description: string;
  readonly isKept: boolean;
}
