import { spawnSync } from "node:child_process";
import { currentUser } from "../../src/permissions.ts";

/** Tests of what another user can do need one; only root can become one. */
export const asRoot = { skip: currentUser === 0 ? false : "run the tests as root: they become another user" };

/** Nobody, who owns nothing. */
export const nobody = 65_534;

/** Has another user run a shell command. @returns its exit code. */
export function asNobody(command: string, ...parameters: readonly string[]): number | null {
  const { status } = spawnSync("/bin/sh", ["-c", command, "sh", ...parameters], {
    uid: nobody,
    gid: nobody,
    stdio: "ignore",
    cwd: "/",
  });
  return status;
}
