/** What the list of requests says. Text with values in it is a function, since languages order them differently. */
export interface RequestsMessages {
  /** The name of the view. */
  readonly title: string;
  readonly nothingYet: string;
  readonly nothingYetHint: string;
}
