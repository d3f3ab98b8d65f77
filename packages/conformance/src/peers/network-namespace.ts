import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { startPeer, type PeerProgram } from "./peer-program.ts";

/** A network of its own, in which programs run: it has no interface but loopback, until it is given some. */
export interface NetworkNamespace extends AsyncDisposable {
  /** Of a process in it, by which `ip link` finds it. */
  readonly pid: number;
  /** Starts a program in it. */
  start(command: string, args: readonly string[]): Promise<PeerProgram>;
  /** Runs `ip` or the like in it, with arguments parted by spaces; fails when that fails. */
  run(commandLine: string): Promise<void>;
}

/** Makes one. It lasts as long as this process, or until it is disposed of. Linux only, and only for root. */
export async function networkNamespace(): Promise<NetworkNamespace> {
  // Whatever ends this process, the program that holds the namespace finds the end of its input, and ends.
  const holder = await startPeer("unshare", ["--net", "sh", "-c", "echo ready; exec cat"]);
  const inside = ["--target", String(holder.pid), "--net", "--"];
  const namespace: NetworkNamespace = {
    pid: holder.pid,
    start: (command, args) => startPeer("nsenter", [...inside, command, ...args]),
    async run(commandLine) {
      const program = await startPeer("nsenter", [...inside, ...commandLine.split(" ")]);
      assert.equal(await program.ended(), 0, `${commandLine}: ${program.output}`);
    },
    [Symbol.asyncDispose]: () => holder[Symbol.asyncDispose](),
  };
  try {
    await holder.says(/ready/);
    await namespace.run("ip link set lo up");
    return namespace;
  } catch (error) {
    await namespace[Symbol.asyncDispose]();
    throw error;
  }
}

/** Skips a test where namespaces are not to be had; in CI, where they must be, it fails. */
export async function lacksNamespaces(context: TestContext): Promise<boolean> {
  const failure = await networkNamespace().then(
    (namespace) => namespace[Symbol.asyncDispose](),
    (error: unknown) =>
      `network namespaces are not to be had (as root, with iproute2 and util-linux): ${String(error)}`,
  );
  if (failure === undefined) return false;
  assert.notEqual(process.env["CI"], "true", failure);
  context.skip(failure);
  return true;
}
