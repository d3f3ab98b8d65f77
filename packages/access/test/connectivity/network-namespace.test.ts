import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

/** A namespace needs root, or a system that lets users have their own. */
const NAMESPACES = [["--net"], ["--map-root-user", "--net"]];

test("an interface that comes and goes is offline, local, online and offline", (context) => {
  const options = NAMESPACES.find(mayUnshare);
  if (options === undefined) {
    context.diagnostic("this user may not make a network namespace: nothing to see");
    return;
  }
  const program = fileURLToPath(new URL("../programs/network-namespace.ts", import.meta.url));
  const output = execFileSync("unshare", [...options, process.execPath, "--conditions=source", program], {
    encoding: "utf8",
    timeout: 30_000,
  });
  const told = JSON.parse(output) as readonly string[];
  assert.deepEqual(told, ["offline", "local interfaces", "online interfaces", "offline interfaces"]);
});

function mayUnshare(options: readonly string[]): boolean {
  try {
    execFileSync("unshare", [...options, "ip", "link", "add", "here", "type", "veth"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
