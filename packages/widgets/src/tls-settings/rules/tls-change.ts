import type { TlsPreset } from "./presets.ts";
import type { ChosenAnchors, ChosenCipher, ChosenGroup, ChosenIdentity, ChosenVersion } from "./tls-choice.ts";

/** One thing that a person wants otherwise. */
export type TlsChange =
  | { readonly type: "preset"; readonly preset: TlsPreset }
  | { readonly type: "backend"; readonly name: string }
  | { readonly type: "min-version"; readonly version: ChosenVersion }
  | { readonly type: "max-version"; readonly version: ChosenVersion }
  | { readonly type: "groups"; readonly groups: readonly ChosenGroup[] | null }
  | { readonly type: "ciphers"; readonly ciphers: readonly ChosenCipher[] | null }
  | { readonly type: "anchors"; readonly anchors: ChosenAnchors }
  | { readonly type: "pins"; readonly pins: readonly string[] }
  | { readonly type: "identity"; readonly identity: ChosenIdentity }
  | { readonly type: "remember-intermediates"; readonly isOn: boolean }
  | { readonly type: "fetch-intermediates"; readonly isOn: boolean }
  | { readonly type: "early-data"; readonly isOn: boolean }
  | { readonly type: "accept-any-certificate"; readonly isOn: boolean }
  | { readonly type: "accept-pinned-key-alone"; readonly isOn: boolean }
  | { readonly type: "log-keys"; readonly isOn: boolean };
