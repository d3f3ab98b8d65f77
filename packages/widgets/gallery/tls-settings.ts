import { html } from "lit";
import { defaultChoice, type OfferedTls, presetOf, type TlsChoice } from "@fairlead/widgets/tls-settings";
import { backendOf, offered } from "../test/tls-settings/rules/offered.ts";
import type { GallerySection, GalleryState } from "./section.ts";

const usual = defaultChoice(backendOf("gnutls"));

/** The TLS settings in all their states. */
export const tlsSettings: GallerySection = {
  tag: "fairlead-tls-settings",
  states: [
    state("compatible", "What a manager does where nothing is said.", usual),
    state("modern", "TLS 1.3 with the best algorithms only.", { ...usual, ...presetOf("modern", backendOf("gnutls")) }),
    state("weak", "What a choice risks is said for as long as it lasts.", {
      ...usual,
      earlyData: true,
      anchors: { type: "own", fingerprints: ["a1".repeat(32)] },
      identity: { type: "one", fingerprint: "c3".repeat(32) },
      dangerous: { acceptAnyCertificate: true, acceptPinnedKeyAlone: false, logKeys: true },
    }),
    state("impossible", "A choice that cannot be carried out here.", { ...usual, backend: "openssl" }),
    state("bare", "A machine with one library, without authorities and certificates of one's own.", usual, {
      ...offered,
      authorities: [],
      identities: [],
    }),
    {
      ...state("asks", "A weaker choice names what is lost.", { ...usual, ...presetOf("modern", backendOf("gnutls")) }),
      coversPage: true,
      prepare: async (host: HTMLElement): Promise<void> => {
        const element = host.querySelector("fairlead-tls-settings");
        element?.shadowRoot?.querySelectorAll<HTMLElement>("input[name=preset]")[1]?.click();
        await element?.updateComplete;
      },
    },
  ],
};

function state(name: string, shows: string, choice: TlsChoice, from: OfferedTls = offered): GalleryState {
  return {
    name,
    shows,
    render: () => html`<fairlead-tls-settings .choice=${choice} .offered=${from}></fairlead-tls-settings>`,
  };
}
