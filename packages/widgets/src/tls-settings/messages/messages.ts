/** What the TLS settings say. Text with values in it is a function, since languages order them differently. */
export interface TlsSettingsMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
}
