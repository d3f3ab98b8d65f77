import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Surroundings } from "../command.ts";

/** Whether there is somebody with a browser in front of this process. */
export function hasBrowser(
  { stdout, env }: Pick<Surroundings, "stdout" | "env">,
  platform: NodeJS.Platform = process.platform,
  userId: number | undefined = process.getuid?.(),
): boolean {
  const isWatched = stdout.isTTY === true && (env["CI"] ?? "") === "" && (env["SSH_CONNECTION"] ?? "") === "";
  // A browser that root starts has root's rights.
  if (!isWatched || userId === 0) return false;
  return platform === "darwin" || platform === "win32" || Boolean(env["DISPLAY"] ?? env["WAYLAND_DISPLAY"]);
}

/**
 * Opens a page whose address is a secret. Everybody on this machine can read the arguments of a program: the browser is given
 * a file that is for its owner alone, and finds the address there. Disposing of what is returned removes the file.
 *
 * @param env of the program that opens it.
 * @param onFailure hears, as a clause, why no browser was opened, as far as that is known.
 */
export async function openSecretPage(
  url: string,
  env: Surroundings["env"],
  onFailure: (why: string) => void,
): Promise<AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-console-"));
  const file = join(folder, "open.html");
  // The address is ours: a host of digits, a port, a token in the alphabet of URLs.
  await writeFile(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${url}">`, { mode: 0o600 });
  const [program, ...args] = opener(file);
  const child = spawn(program, args, { stdio: "ignore", detached: true, env: { ...env } });
  child.once("error", ({ message }) => onFailure(message));
  child.once("exit", (code) => {
    if (program === "xdg-open" && (code === 3 || code === 4)) onFailure(`${program} found none that can be started`);
  });
  child.unref();
  return { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

function opener(file: string): readonly [program: string, ...args: string[]] {
  if (process.platform === "darwin") return ["open", file];
  if (process.platform === "win32") return ["explorer.exe", file];
  return ["xdg-open", file];
}
