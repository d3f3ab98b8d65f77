import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { lacksNamespaces, networkNamespace } from "@fairlead/conformance/peers";
import { mtuDiscovery } from "@fairlead/descriptor";
import { connectUdp, openUdp } from "@fairlead/transport";

// A router between two links, of which the second has less room.
const links = {
  IPv4: { near: "10.9.1", far: "10.9.2", bits: 24, smaller: 600, head: 28 },
  IPv6: { near: "fd09:1:", far: "fd09:2:", bits: 64, smaller: 1_300, head: 48 },
} as const;

for (const [family, { near, far, bits, smaller, head }] of Object.entries(links)) {
  const dot = family === "IPv4" ? "." : ":";
  const address = (net: string, number: number): string => `${net}${dot}${String(number)}`;
  test(`the MTU of a path over ${family} is what its narrowest link takes, once a datagram did not fit`, async (t) => {
    if (await lacksNamespaces(t)) return;
    await using client = await networkNamespace();
    await using router = await networkNamespace();
    await using server = await networkNamespace();
    await client.run(`ip link add veth1 type veth peer name veth1 netns ${String(router.pid)}`);
    await server.run(`ip link add veth2 type veth peer name veth2 netns ${String(router.pid)}`);
    const ends = [
      [client, "veth1", address(near, 1)],
      [router, "veth1", address(near, 2)],
      [router, "veth2", address(far, 2)],
      [server, "veth2", address(far, 1)],
    ] as const;
    for (const [end, link, own] of ends) {
      await end.run(`ip address add ${own}/${String(bits)} dev ${link}${family === "IPv6" ? " nodad" : ""}`);
      await end.run(`ip link set ${link} up`);
    }
    await router.run("sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    for (const end of [router, server]) await end.run(`ip link set veth2 mtu ${String(smaller)}`);
    const flag = family === "IPv6" ? "-6 " : "";
    await client.run(`ip ${flag}route add default via ${address(near, 2)}`);
    await server.run(`ip ${flag}route add default via ${address(far, 2)}`);

    const program = (name: string): readonly string[] => {
      const file = fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
      const conditions = process.execArgv.filter((argument) => argument.startsWith("--conditions"));
      return [...conditions, file, address(far, 1), "5683"];
    };
    await using receiver = await server.start(process.execPath, program("mtu-receiver"));
    await receiver.says(/listening/);
    await using prober = await client.start(process.execPath, program("mtu-prober"));
    await receiver.says(new RegExp(`received ${String(smaller - head)} bytes`));
    await prober.says(
      new RegExp(`at first ${String(1_500 - head)}\nDATAGRAM_TOO_LARGE, now ${String(smaller - head)}`),
    );
    assert.doesNotMatch(receiver.output, new RegExp(`received ${String(1_500 - head)}`));
  });
}

test("a path whose MTU is discovered carries datagrams both ways, and takes no more than it is told", async () => {
  const discovery = mtuDiscovery();
  if (discovery === undefined) return;
  await using endpoint = await openUdp({ mtu: 60_000 });
  endpoint.on("message", (bytes, from) => {
    endpoint.send(bytes, from);
  });
  const whole = await connectUdp({ ...endpoint.address, discovery });
  assert.equal(whole.mtu, 65_507);
  const echoed = new Promise<Buffer>((resolve) => whole.once("message", resolve));
  whole.send(new Uint8Array(50_000).fill(7));
  assert.deepEqual(await echoed, Buffer.alloc(50_000, 7));
  whole.close();
  const limited = await connectUdp({ ...endpoint.address, discovery, mtu: 900 });
  assert.equal(limited.mtu, 900);
  assert.throws(() => limited.send(new Uint8Array(901)), { code: "DATAGRAM_TOO_LARGE" });
  limited.close();
});
