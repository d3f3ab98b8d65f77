/**
 * Tells how many attempts count as failed in a row when a connection is lost that was open for a while. One that a server
 * accepts and ends at once is as good as none: only one that has lasted makes the next wait short again, so that a server
 * which lets its clients in and throws them out is not stormed.
 *
 * @param failures attempts that had failed before it was open.
 * @param openMilliseconds how long it was open.
 * @param lastingMilliseconds how long a connection has to be open to count.
 */
export function failedAttempts(failures: number, openMilliseconds: number, lastingMilliseconds: number): number {
  return openMilliseconds >= lastingMilliseconds ? 0 : failures;
}
