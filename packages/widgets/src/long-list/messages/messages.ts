/** What a list that is too long to be shown whole says. */
export interface LongListMessages {
  readonly showAll: (count: number) => string;
  readonly showFewer: string;
  /** What part of the list is shown; both are counted from 1. */
  readonly range: (first: number, last: number, count: number) => string;
  readonly previous: string;
  readonly next: string;
}
