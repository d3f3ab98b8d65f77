/** What the view "Downloads" says. Text with values in it is a function, since languages order them differently. */
export interface DownloadsMessages {
  /** The name of the view. */
  readonly title: string;
  readonly url: string;
  readonly start: string;
  readonly hint: string;
}
