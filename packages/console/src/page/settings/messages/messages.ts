/** What the view "Settings" says. Text with values in it is a function, since languages order them differently. */
export interface SettingsMessages {
  /** The name of the view. */
  readonly title: string;
}
