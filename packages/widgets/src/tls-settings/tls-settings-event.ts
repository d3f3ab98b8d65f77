import type { TlsChoice } from "./rules/tls-choice.ts";

/** A person chose other settings. They can be carried out, and whatever they lose was confirmed. */
export class FairleadTlsSettingsEvent extends Event {
  static readonly type = "fairlead-tls-settings";

  readonly choice: TlsChoice;

  constructor(choice: TlsChoice) {
    super(FairleadTlsSettingsEvent.type, { bubbles: true, composed: true });
    this.choice = choice;
  }
}

declare global {
  interface HTMLElementEventMap {
    "fairlead-tls-settings": FairleadTlsSettingsEvent;
  }
}
