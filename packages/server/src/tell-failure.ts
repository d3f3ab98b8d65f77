import { inspect } from "node:util";

/**
 * Tells the application of a failure, by what it has given for that. What it fails with in hearing of it, at once or
 * later, is a warning of the process: no server ends by that.
 */
export function tellFailure(tell: () => unknown): void {
  try {
    const hearing = tell();
    if (hearing instanceof Promise) hearing.catch(warn);
  } catch (error) {
    warn(error);
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : inspect(error));
}
