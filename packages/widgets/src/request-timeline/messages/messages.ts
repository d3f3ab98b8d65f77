/** What the time line of a request says. Text with values in it is a function, since languages order them differently. */
export interface RequestTimelineMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
}
