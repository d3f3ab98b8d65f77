import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { lacksNamespaces, networkNamespace, type NetworkNamespace } from "@fairlead/conformance/peers";

describe("a group is asked over a link, and its members alone then (RFC 7252 section 8)", () => {
  for (const [family, group, addresses] of [
    ["IPv4", "224.0.1.187", ["10.9.3.1", "10.9.3.2"]],
    ["IPv6, link-local", "ff02::fd%veth1", ["fe80::1%veth1", "fe80::2%veth1"]],
    ["IPv6, site-local", "ff05::fd", ["fd00:9::1", "fd00:9::2"]],
  ] as const) {
    test(`over ${family}`, async (t) => {
      if (await lacksNamespaces(t)) return;
      await using near = await networkNamespace();
      await using far = await networkNamespace();
      await join(near, far);
      const [here, there] = addresses;
      await using neighbour = await far.start(process.execPath, program("member", "lamp", group, there, "veth1"));
      await using itself = await near.start(process.execPath, program("member", "door", group, here, "veth1"));
      await Promise.all([neighbour.says(/listening/), itself.says(/listening/)]);
      await using asker = await near.start(process.execPath, program("asker", group, "veth1", "2"));
      await asker.says(/that is all/);
      const found = asker.output.split("\n").filter((line) => line.startsWith("found"));
      const urlOf = (address: string): string => (address.includes(":") ? `[${address.replace("%", "%25")}]` : address);
      assert.deepEqual(found.toSorted(), [`found coap://${urlOf(here)} door`, `found coap://${urlOf(there)} lamp`]);
    });
  }
});

async function join(near: NetworkNamespace, far: NetworkNamespace): Promise<void> {
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
    await side.run(`ip address add fd00:9::${number}/64 dev veth1 nodad`);
  }
}

function program(name: string, ...args: readonly string[]): readonly string[] {
  const file = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
  return [...process.execArgv.filter((argument) => argument.startsWith("--conditions")), file, ...args];
}
