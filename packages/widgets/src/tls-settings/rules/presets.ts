import type { AvailableBackend } from "./offered-tls.ts";
import type { ChosenCipher, ChosenGroup, TlsChoice } from "./tls-choice.ts";

/** Choices that belong together and have a name. */
export type TlsPreset = "modern" | "compatible";

/** What a preset says; who is trusted, and who the client is, it leaves as it was. */
type PresetPart = Pick<TlsChoice, "minVersion" | "maxVersion" | "groups" | "ciphers" | "earlyData">;

/**
 * What a preset says for a backend: `modern`, TLS 1.3 with groups and ciphers that nothing is known against; `compatible`,
 * what `openNetworkAccessManager` does where nothing is said.
 */
export function presetOf(preset: TlsPreset, { capabilities }: AvailableBackend): PresetPart {
  const { versions } = capabilities;
  const maxVersion = versions.includes("TLSv1.3") ? "TLSv1.3" : "TLSv1.2";
  switch (preset) {
    case "modern":
      return {
        minVersion: maxVersion,
        maxVersion,
        groups: offeredOf(modernGroups, capabilities.groups),
        ciphers: offeredOf(modernCiphers, capabilities.ciphers),
        earlyData: false,
      };
    case "compatible": {
      const minVersion = versions.includes("TLSv1.2") ? "TLSv1.2" : maxVersion;
      return { minVersion, maxVersion, groups: null, ciphers: null, earlyData: false };
    }
  }
}

/** The preset that a choice is; `undefined` for one of its own. */
export function presetNameOf(choice: TlsChoice, backend: AvailableBackend): TlsPreset | undefined {
  const { acceptAnyCertificate, acceptPinnedKeyAlone, logKeys } = choice.dangerous;
  if (acceptAnyCertificate || acceptPinnedKeyAlone || logKeys) return undefined;
  return (["modern", "compatible"] as const).find((name) => {
    const { minVersion, maxVersion, groups, ciphers, earlyData } = presetOf(name, backend);
    return (
      choice.minVersion === minVersion &&
      choice.maxVersion === maxVersion &&
      sameList(choice.groups, groups) &&
      sameList(choice.ciphers, ciphers) &&
      choice.earlyData === earlyData
    );
  });
}

/** What a manager does where nothing is said. */
export function defaultChoice(backend: AvailableBackend): TlsChoice {
  return {
    backend: backend.name,
    ...presetOf("compatible", backend),
    anchors: { type: "default" },
    pins: [],
    identity: { type: backend.canAskForIdentity ? "ask" : "none" },
    rememberIntermediates: true,
    fetchIntermediates: false,
    dangerous: { acceptAnyCertificate: false, acceptPinnedKeyAlone: false, logKeys: false },
  };
}

const modernGroups: readonly ChosenGroup[] = [
  "X25519MLKEM768",
  "SecP256r1MLKEM768",
  "x25519",
  "secp256r1",
  "secp384r1",
];
const modernCiphers: readonly ChosenCipher[] = ["AES_256_GCM", "AES_128_GCM", "CHACHA20_POLY1305"];

/** Left to the library where it has none of them. */
function offeredOf<T extends string>(wanted: readonly T[], offered: readonly T[]): readonly T[] | null {
  const there = wanted.filter((each) => offered.includes(each));
  return there.length === 0 ? null : there;
}

function sameList(one: readonly string[] | null, other: readonly string[] | null): boolean {
  return one?.join() === other?.join();
}
