/** What the dialog about an exception says. Text with values in it is a function, since languages order them differently. */
export interface CertificateExceptionMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
}
