import type { PhishingCue } from "../../url/cues/phishing-cue.ts";
import type { AddressRefusal } from "../rules/decide-address.ts";
import type { ChipState } from "../rules/chip-state.ts";
import type { Removed } from "../rules/clean-address.ts";

/** What the address bar says. Text with values in it is a function, since languages order them differently. */
export interface AddressBarMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
  readonly placeholder: string;
  readonly searchPlaceholder: string;
  readonly reload: string;
  readonly stop: string;
  readonly loading: string;
  /** Stands before an address that is being loaded and is not open yet. */
  readonly aboutToLoad: string;
  /** What the page is, in two words. */
  readonly chip: Readonly<Record<ChipState, string>>;
  /** The same, in a sentence. */
  readonly says: Readonly<Record<ChipState, string>>;
  readonly panel: AddressBarPanelMessages;
  readonly cues: AddressBarCueMessages;
  /** Names the list. */
  readonly offers: string;
  readonly offerCount: (count: number) => string;
  readonly forgetHint: string;
  readonly forget: string;
  readonly removed: Readonly<Record<Removed, string>>;
  readonly userInformationLeftOut: string;
  readonly refused: (reason: AddressRefusal) => string;
}

/** What stands in the panel behind the chip. */
export interface AddressBarPanelMessages {
  readonly label: string;
  readonly site: string;
  readonly protocol: string;
  readonly cipher: string;
  readonly group: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validUntil: string;
  readonly hsts: string;
  readonly hstsOn: string;
  readonly hstsOff: string;
  readonly problems: string;
  readonly showCertificate: string;
}

/** What is said of a page that could be a deception. */
export interface AddressBarCueMessages {
  readonly label: string;
  readonly title: (cue: PhishingCue) => string;
  readonly reason: (cue: PhishingCue) => string;
  readonly goBack: string;
  readonly understood: string;
}
