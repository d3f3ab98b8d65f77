import { startLibcoapServer } from "@fairlead/conformance/peers";
import { connectCoaps, type CoapsConnectSecurity } from "@fairlead/iot/coap";
import type { CoapsServerPlace } from "./coaps/server.ts";
import { backendOf, benchKey } from "./coaps/sides.ts";
import { startChild } from "./measuring/child.ts";
import { median, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 3);
const handshakes = Number(process.env["BENCH_HANDSHAKES"] ?? 300);
const concurrency = 8;
const sides = ["openssl", "gnutls"] as const;
const kinds = ["key", "certificate", "resumed"] as const;

/** A server and how a client proves itself to it. */
interface Place {
  readonly port: number;
  readonly anchor: string;
}

/** Who serves: us in a process of its own, or libcoap's `coap-server`, by a key only. */
type Server = "fairlead" | "libcoap";

/**
 * CoAPS handshakes per second: a channel is opened and closed, eight at a time, over loopback. Server and client are
 * processes of their own. `coap-client` is a process for each handshake, and node-coap has no DTLS: libcoap is compared as
 * the server that our client asks.
 */
export async function run(): Promise<BenchResult> {
  const rates = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      for (const kind of kinds) await measure(rates, "fairlead", side, kind);
      await measure(rates, "libcoap", side, "key");
    }
  }
  const of = (name: string): number => rounded(median(rates.get(name) ?? []));
  const claims = sides.flatMap((side): BenchClaim[] => [
    ...kinds.map((kind) => ({
      what: `handshakes by ${kind === "resumed" ? "a resumed session" : `a ${kind}`}, ${side} on both sides`,
      value: of(`fairlead ${side} ${kind}`),
      unit: "1/s",
      holds: true,
    })),
    {
      what: `handshakes by a key, ${side}, with our server over libcoap's of the same library`,
      value: rounded(of(`fairlead ${side} key`) / of(`libcoap ${side} key`)),
      unit: "ratio",
      holds: true,
    },
  ]);
  return { name: "coaps-handshakes", claims, details: { rounds, handshakes, rates: Object.fromEntries(rates) } };
}

async function measure(
  rates: Map<string, number[]>,
  server: Server,
  side: (typeof sides)[number],
  kind: (typeof kinds)[number],
): Promise<void> {
  const rate = server === "libcoap" ? await againstLibcoap(side) : await againstOurs(side, kind);
  const name = `${server} ${side} ${kind}`;
  rates.set(name, [...(rates.get(name) ?? []), rate]);
}

async function againstOurs(side: (typeof sides)[number], kind: (typeof kinds)[number]): Promise<number> {
  const child = startChild("coaps/server.ts", [side, kind === "key" ? "key" : "certificate"]);
  try {
    return await rateOf(await child.ask<CoapsServerPlace>({}), side, kind);
  } finally {
    await child.end();
  }
}

async function againstLibcoap(side: (typeof sides)[number]): Promise<number> {
  await using server = await startLibcoapServer(side, ["-v", "7", "-k", Buffer.from(benchKey.key).toString()]);
  await server.program.says(/created DTLS endpoint/);
  return await rateOf({ port: server.port + 1, anchor: "" }, side, "key");
}

async function rateOf({ port, anchor }: Place, side: string, kind: (typeof kinds)[number]): Promise<number> {
  const backend = backendOf(side);
  const trust = { type: "anchors", certificates: Object.freeze([anchor]) } as const;
  let session: Uint8Array | undefined;
  const once = async (tls: Partial<CoapsConnectSecurity> = {}): Promise<void> => {
    const options =
      kind === "key" ? { tls: { backend }, onPreSharedKey: () => benchKey } : { tls: { backend, trust, ...tls } };
    const channel = await connectCoaps({ host: "127.0.0.1", port }, options);
    await channel.close();
  };
  await once({
    onSession: (each) => {
      session = each;
    },
  });
  const offered = kind === "resumed" ? { session } : {};
  for (let warm = 0; warm < 20; warm += 1) await once(offered);
  const begun = performance.now();
  let left = handshakes;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await once(offered);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return rounded((handshakes / (performance.now() - begun)) * 1_000);
}
