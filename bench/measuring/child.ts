import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A process of a benchmark: it answers each message with one. */
export interface Child {
  /** Sends a message, and waits for what comes back. Rejects when the process ends instead. */
  ask<Answer>(message: unknown): Promise<Answer>;
  end(): Promise<void>;
}

/** Starts a file of `bench/` on this Node.js, with its flags. */
export function startChild(file: string, args: readonly string[]): Child {
  const child = fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), args, {
    execArgv: [...process.execArgv, "--expose-gc"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        const onExit = (code: number | null): void => {
          reject(new Error(`${file} ${args.join(" ")} exited with ${String(code)} before it answered`));
        };
        child.once("exit", onExit);
        child.once("message", (answer) => {
          child.off("exit", onExit);
          // Each file knows what its own child says.
          resolve(answer as never);
        });
        child.send(message as never);
      }),
    async end() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** In the child: answers each message; the process ends with its parent's wish. */
export function answer(how: (message: unknown) => Promise<unknown>): void {
  process.on("message", (message) => {
    void how(message).then((reply) => process.send?.(reply));
  });
  process.on("disconnect", () => process.exit());
}
