/** What the questions of the manager say. Text with values in it is a function, since languages order them differently. */
export interface QuestionsMessages {
  /** The name of the dialog, for those who do not see it. */
  readonly title: string;
  readonly redirectTitle: string;
  /** @param status of the response: 302. */
  readonly redirectAsks: (status: string) => string;
  readonly redirectFrom: string;
  readonly redirectTo: string;
  readonly lessSafe: string;
  readonly follow: string;
  readonly stay: string;
  /** How many wait behind the one that is shown. */
  readonly waiting: (count: number) => string;
}
