import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import {
  lacksNamespaces,
  networkNamespace,
  type NetworkNamespace,
  type PeerProgram,
} from "@fairlead/conformance/peers";
import { isMissing } from "./is-missing.ts";
import { heldBytes, middleBytes, totalBytes } from "./programs/transfer.ts";

/** What the receiver tells of itself. */
interface Told {
  readonly multipath: number;
  readonly plain: number;
  readonly subflows: readonly string[];
  readonly digest?: string;
}

test("a transfer of 100 MiB outlives one of its two paths and arrives whole, where plain TCP stalls", async (t) => {
  if (isMissing(t) || (await lacksNamespaces(t))) return;
  await using near = await networkNamespace();
  await using far = await networkNamespace();
  await joinByTwoPaths(near, far);

  await using sender = await far.start(process.execPath, program("sender.ts"));
  const [, sent] = await sender.says(/digest (\w+)/);
  await using receiver = await near.start(process.execPath, program("receiver.ts", "10.9.1.2"));
  const middle = await told(receiver, "middle");
  assert.deepEqual(middle.subflows, ["10.9.1.2 established", "10.9.2.2 established"]);

  await far.run("ip link set path1 down");
  receiver.type("?\n");
  const cut = await told(receiver, "now");
  assert(cut.multipath >= middleBytes && cut.multipath <= heldBytes);

  sender.type("the rest\n");
  const end = await told(receiver, "end");
  assert.deepEqual([end.multipath, end.digest], [totalBytes, sent]);
  // Of the last quarter, which was sent to both when the path was cut, all came by the path that is left.
  assert(end.plain <= heldBytes);
});

/** Two links of 160 Mbit/s; the far side tells of its second address, to which the near one opens a subflow. */
async function joinByTwoPaths(near: NetworkNamespace, far: NetworkNamespace): Promise<void> {
  for (const path of ["1", "2"]) {
    const [name, network] = [`path${path}`, `10.9.${path}`];
    await near.run(`ip link add ${name} type veth peer name ${name} netns ${String(far.pid)}`);
    await near.run(`ip address add ${network}.1/24 dev ${name}`);
    await far.run(`ip address add ${network}.2/24 dev ${name}`);
    for (const side of [near, far]) {
      await side.run(`ip link set ${name} up`);
      await side.run(`tc qdisc add dev ${name} root tbf rate 160mbit burst 256kb latency 50ms`);
    }
  }
  for (const side of [near, far]) await side.run("ip mptcp limits set subflows 2 add_addr_accepted 2");
  await far.run("ip mptcp endpoint add 10.9.2.2 dev path2 signal");
}

function program(name: string, ...args: readonly string[]): readonly string[] {
  const file = fileURLToPath(new URL(`programs/${name}`, import.meta.url));
  return [...process.execArgv.filter((argument) => argument.startsWith("--conditions")), file, ...args];
}

async function told(receiver: PeerProgram, when: string): Promise<Told> {
  const [, json = ""] = await receiver.says(new RegExp(`^${when} (.*)$`, "m"));
  // The program above writes it in this form.
  return JSON.parse(json) as Told;
}
