/** What the view "Test network" says. Text with values in it is a function, since languages order them differently. */
export interface TestNetworkMessages {
  /** The name of the view. */
  readonly title: string;
}
