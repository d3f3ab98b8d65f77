/** Sends a signal to a group of processes; one that has ended meanwhile is no failure. */
export function signalGroup(processGroup: number | undefined, signal: NodeJS.Signals): void {
  // 0 and 1 would be our own group, and everybody's.
  if (processGroup === undefined || processGroup < 2) return;
  try {
    process.kill(-processGroup, signal);
  } catch {
    // Nobody is left there.
  }
}
