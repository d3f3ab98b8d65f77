/** What the application knows of the connection over which a page came. */
export interface SiteSecurity {
  /** The origin that it is true of, `https://example.org`. While another one is shown, the bar takes no notice of it. */
  readonly origin: string;
  /** What was found of the certificate: by an exception a person accepted one that is not trusted. */
  readonly trust: "verified" | "exception" | "refused";
  /** What is wrong with the certificate, in sentences. */
  readonly problems?: readonly string[];
  /** `TLSv1.3`. */
  readonly protocol?: string;
  readonly cipher?: string;
  readonly group?: string;
  /** To whom the certificate was given, and by whom. */
  readonly subject?: string;
  readonly issuer?: string;
  /** ISO 8601. */
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** Whether the host asks to be contacted over TLS alone. */
  readonly hsts?: boolean;
}
