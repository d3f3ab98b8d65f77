import { randomInt } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";

/** Where a program's port is looked for: whoever is given a port by the system gets one above. */
const first = 10_000;

/**
 * Finds a port of 127.0.0.1 that nobody listens on, for programs that cannot be given 0. It is none that the system
 * gives to others, who could otherwise have it before the program does.
 *
 * @param count how many in a row are unused, for programs that take the ones behind it as well
 */
export async function unusedPort(count = 1): Promise<number> {
  const ephemeral = await readFile("/proc/sys/net/ipv4/ip_local_port_range", "utf8").catch(() => "49152");
  for (;;) {
    const port = randomInt(first, Math.max(Number.parseInt(ephemeral, 10), first + 10_000) - count + 1);
    let found = 0;
    while (found < count && (await isUnused(port + found))) found += 1;
    if (found === count) return port;
  }
}

async function isUnused(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  const isFree = await once(server, "listening").then(
    () => true,
    () => false,
  );
  if (!isFree) return false;
  server.close();
  await once(server, "close");
  return true;
}
