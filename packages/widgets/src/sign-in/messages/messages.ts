/** What the question for credentials says. Text with values in it is a function, since languages order them differently. */
export interface SignInMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
}
