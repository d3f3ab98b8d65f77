import type { ChosenProxy, ChosenRedirects, ChosenTimeouts } from "../../../protocol/index.ts";
import type { Language } from "../../messages/page-language.ts";
import type { Theme } from "../page-preferences.ts";

/** What the view "Settings" says. Text with values in it is a function, since languages order them differently. */
export interface SettingsMessages {
  /** The name of the view. */
  readonly title: string;
  readonly page: string;
  readonly theme: string;
  readonly themes: Readonly<Record<Theme, string>>;
  readonly language: string;
  readonly languages: Readonly<Record<Language, string>>;
  readonly manager: string;
  readonly managerHint: string;
  /** Where the settings are the inspected program's own. */
  readonly notOurs: string;
  readonly store: string;
  readonly proxy: string;
  readonly proxies: Readonly<Record<ChosenProxy["type"], string>>;
  readonly proxyUrl: string;
  readonly redirect: string;
  readonly redirects: Readonly<Record<ChosenRedirects, string>>;
  readonly http2: string;
  readonly cookies: string;
  readonly cache: string;
  readonly hstsPreload: string;
  readonly timeouts: string;
  readonly timeoutsHint: string;
  readonly phases: Readonly<Record<keyof ChosenTimeouts, string>>;
  readonly sendSecretsInTheClear: string;
  readonly tls: string;
  readonly apply: string;
  readonly revert: string;
  readonly applied: string;
}
