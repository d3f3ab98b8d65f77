/** What a person answers who is asked for a certificate. */
export type PickedIdentity =
  | { readonly type: "identity"; readonly fingerprint: string; readonly remember: boolean }
  /** Goes on without a certificate. */
  | { readonly type: "none"; readonly remember: boolean }
  /** Gives up what wanted it. */
  | { readonly type: "cancel" };

/** A person answered; once for each question. */
export class FairleadCertificatePickEvent extends Event {
  static readonly type = "fairlead-certificate-pick";

  readonly picked: PickedIdentity;

  constructor(picked: PickedIdentity) {
    super(FairleadCertificatePickEvent.type, { bubbles: true, composed: true });
    this.picked = picked;
  }
}

declare global {
  interface HTMLElementEventMap {
    "fairlead-certificate-pick": FairleadCertificatePickEvent;
  }
}
