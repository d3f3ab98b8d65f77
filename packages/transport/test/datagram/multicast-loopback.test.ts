import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { lacksNamespaces, networkNamespace } from "@fairlead/conformance/peers";

const port = "5683";

for (const [family, group] of [
  ["IPv4", "224.0.1.187"],
  ["IPv6", "ff02::fd%veth1"],
] as const) {
  test(`what goes to a group without loopback is heard by others and not by its own machine, over ${family}`, async (t) => {
    if (await lacksNamespaces(t)) return;
    await using near = await networkNamespace();
    await using far = await networkNamespace();
    await near.run(`ip link add veth1 type veth peer name veth1 netns ${String(far.pid)}`);
    for (const [side, number] of [
      [near, "1"],
      [far, "2"],
    ] as const) {
      await side.run("ip link set veth1 addrgenmode none");
      await side.run("ip link set veth1 up");
      await side.run(`ip address add 10.9.3.${number}/24 dev veth1`);
      // Without waiting whether somebody else has it.
      await side.run(`ip address add fe80::${number}/64 dev veth1 nodad`);
    }
    const program = (name: string): readonly string[] => {
      const file = fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
      const conditions = process.execArgv.filter((argument) => argument.startsWith("--conditions"));
      return [...conditions, file, group, "veth1", port];
    };
    await using here = await near.start(process.execPath, program("group-member"));
    await using there = await far.start(process.execPath, program("group-member"));
    await Promise.all([here.says(/listening/), there.says(/listening/)]);
    await using speaker = await near.start(process.execPath, program("group-speaker"));
    await Promise.all([here.says(/heard everybody/), there.says(/heard others\n[^]*heard everybody/)]);
    assert.equal(await speaker.ended(), 0, speaker.output);
    assert.doesNotMatch(here.output, /others/);
  });
}
