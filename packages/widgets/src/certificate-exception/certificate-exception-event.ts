/** What a person decided about a certificate that verification refuses. */
export type CertificateExceptionDecision =
  | { readonly type: "accept"; readonly remember: boolean }
  | { readonly type: "refuse" };

/**
 * A person decided. It is sent once each time that the dialog is open. An exception holds for what was shown and for
 * nothing else: the host, the port and the certificate that stand in the event.
 */
export class FairleadCertificateExceptionEvent extends Event {
  static readonly type = "fairlead-certificate-exception";

  readonly decision: CertificateExceptionDecision;
  readonly host: string;
  readonly port: number;
  /** SHA-256 of the leaf, hexadecimal; `undefined` where there is none. */
  readonly fingerprint: string | undefined;

  constructor(
    decision: CertificateExceptionDecision,
    { host, port, fingerprint }: Pick<FairleadCertificateExceptionEvent, "host" | "port" | "fingerprint">,
  ) {
    super(FairleadCertificateExceptionEvent.type, { bubbles: true, composed: true });
    this.decision = decision;
    this.host = host;
    this.port = port;
    this.fingerprint = fingerprint;
  }
}

declare global {
  interface HTMLElementEventMap {
    "fairlead-certificate-exception": FairleadCertificateExceptionEvent;
  }
}
