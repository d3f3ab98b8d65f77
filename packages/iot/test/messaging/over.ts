import type { TestContext } from "node:test";

/**
 * Rejects when the test is over, in its time or not: whoever waits races with it, so that a test that hangs is left with all
 * that it has opened being closed.
 */
export function over({ signal }: Pick<TestContext, "signal">): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(new Error("the test is over"));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });
}
