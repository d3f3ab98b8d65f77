/** What the view "Memory" says. Text with values in it is a function, since languages order them differently. */
export interface MemoryMessages {
  /** The name of the view. */
  readonly title: string;
}
