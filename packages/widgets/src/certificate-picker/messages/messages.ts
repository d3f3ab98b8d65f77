/** What the question for a client certificate says. Text with values in it is a function, since languages order them differently. */
export interface CertificatePickerMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
}
