/**
 * A person wants to keep certificates as a file. Unless it is prevented, the element hands the file to the browser's
 * downloads.
 */
export class FairleadCertificateDownloadEvent extends Event {
  static readonly type = "fairlead-certificate-download";

  /** ASCII letters, digits, hyphens and dots. */
  readonly fileName: string;
  /** PEM. */
  readonly text: string;

  constructor(fileName: string, text: string) {
    super(FairleadCertificateDownloadEvent.type, { bubbles: true, composed: true, cancelable: true });
    this.fileName = fileName;
    this.text = text;
  }
}

declare global {
  interface HTMLElementEventMap {
    "fairlead-certificate-download": FairleadCertificateDownloadEvent;
  }
}
