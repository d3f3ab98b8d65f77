/** What stands around all views. Text with values in it is a function, since languages order them differently. */
export interface ShellMessages {
  /** Names the navigation, for those who do not see it. */
  readonly navigation: string;
  /** How many of a view are under way. */
  readonly underWay: (count: string) => string;
  readonly connecting: string;
  readonly lost: string;
  readonly attached: (program: string) => string;
  /** Faults of the test network that act. */
  readonly faultsOn: (count: number) => string;
  readonly showFaults: string;
  readonly process: (id: string) => string;
  /** Names the list of what went wrong. */
  readonly notices: string;
  readonly dismiss: string;
  /** A link for the keyboard, over the navigation. */
  readonly skip: string;
  /** A URL that was shown with something left out cannot be requested. */
  readonly incomplete: string;
}
