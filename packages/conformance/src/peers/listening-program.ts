import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";

/** A program that serves, started by a test and stopped by it. */
export interface Program extends AsyncDisposable {
  readonly port: number;
}

/**
 * Starts a program that stays in the foreground, and waits until it listens on the port.
 *
 * @param ending how it is told to end; `SIGKILL` for one that takes its time, and keeps nothing.
 */
export async function startProgram(
  command: string,
  parameters: readonly string[],
  port: number,
  ending: "SIGTERM" | "SIGKILL" = "SIGTERM",
): Promise<Program> {
  const child: ChildProcess = spawn(command, parameters, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin` },
  });
  const exited = once(child, "exit");
  // It never blocks on a full pipe, and its last words are there when it ends by itself.
  const words = child.stderr === null ? Promise.resolve("") : text(child.stderr);
  await Promise.race([
    listening(port),
    exited.then(async ([code]) =>
      Promise.reject(new Error(`${command} ended with ${String(code)}: ${(await words).slice(-2_000)}`)),
    ),
  ]);
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      child.kill(ending);
      // Nothing of it is to be kept.
      const patience = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await exited;
      clearTimeout(patience);
    },
  };
}

async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect({ host: "127.0.0.1", port });
    const connected = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (connected) return;
    // Polled: no program tells when it listens.
    await wait(20);
  }
}
