/** Whether a trial ends well. */
export async function works(trial: () => Promise<boolean>): Promise<boolean> {
  try {
    return await trial();
  } catch {
    // Whatever it failed with: here it does not work.
    return false;
  }
}

/** Those whose trial ends well. One after the other: together they would only be slower, and stop everything else. */
export async function those<Name>(names: readonly Name[], trial: (name: Name) => Promise<boolean>): Promise<Name[]> {
  const working: Name[] = [];
  for (const name of names) if (await works(() => trial(name))) working.push(name);
  return working;
}
