import { openNetworkAccessManager } from "@fairlead/access";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type LookupFunction, type Socket } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

/** A server on addresses of loopback whose machine takes no new connections: it neither accepts nor refuses them. */
interface HeldListener extends AsyncDisposable {
  readonly port: number;
  /** Takes connections from now on, those that knock again included. */
  release(): void;
}

test("RFC 8305: the first address is slow and all others are black holes; it wins, and the losers are closed", async () => {
  await using slow = await heldListener(0, "127.0.0.1");
  await using holes = await heldListener(slow.port, "127.0.0.2", "127.0.0.3");
  const lookup: LookupFunction = (_host, _options, callback) => {
    const addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
    callback(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    );
    // Past the 250 ms after which the next address is tried as well: Node itself gives the first one up then.
    setTimeout(() => slow.release(), 400);
  };
  await using manager = await openNetworkAccessManager({ lookup, proxy: "none" });
  const reply = await manager.request(`http://slow.example:${String(slow.port)}/`);
  assert.equal(await reply.text(), "127.0.0.1");
  assert.deepEqual(await knocking(holes.port), []);
});

/** Addresses that this machine waits to be answered from on a port. */
async function knocking(port: number): Promise<readonly string[]> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const table = await readFile("/proc/net/tcp", "latin1");
  // 02 is SYN_SENT. Those that filled the queues came from 127.0.0.9.
  return [...table.matchAll(/^ *\d+: ([\dA-F]{8}):[\dA-F]{4} [\dA-F]{8}:([\dA-F]{4}) 02 /gm)]
    .filter(([, from, to]) => to === hex && from !== "0900007F")
    .map(([line]) => line);
}

async function heldListener(wanted: number, ...hosts: readonly string[]): Promise<HeldListener> {
  const file = fileURLToPath(new URL("../programs/held-listener.ts", import.meta.url));
  const child = spawn(process.execPath, [file, String(wanted), ...hosts], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(String(line));
  child.kill("SIGSTOP");
  // The queue holds two; what comes after them is not answered.
  const fillers: Socket[] = [];
  for (const host of hosts) {
    for (let count = 0; count < 2; count += 1) {
      const filler = connect({ host, port, localAddress: "127.0.0.9" });
      filler.on("error", () => undefined);
      fillers.push(filler);
      await once(filler, "connect");
    }
  }
  return {
    port,
    release: () => void child.kill("SIGCONT"),
    [Symbol.asyncDispose]: async () => {
      for (const filler of fillers) filler.destroy();
      child.kill("SIGKILL");
      await exited;
    },
  };
}
