/** What the address bar says. Text with values in it is a function, since languages order them differently. */
export interface AddressBarMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
}
