/** What the view "Questions" says. Text with values in it is a function, since languages order them differently. */
export interface QuestionsMessages {
  /** The name of the view. */
  readonly title: string;
}
