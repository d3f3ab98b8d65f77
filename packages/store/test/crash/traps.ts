/** Ends the process, with a code that no test takes for good, when something is thrown that nobody catches. */
export function installTraps(): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      process.stderr.write(`${event}: ${error instanceof Error ? String(error.stack) : String(error)}\n`, () => {
        process.exit(70);
      });
    });
  }
}
