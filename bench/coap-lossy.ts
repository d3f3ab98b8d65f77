import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runLibcoapClient, startLibcoapServer } from "@fairlead/conformance/peers";
import {
  channelRequester,
  type CoapHandler,
  coapAnswer,
  coapClient,
  coapServer,
  datagramChannel,
  listenDatagrams,
  serveBlocks,
  serveChannel,
  serveQBlocks,
  withQBlocks,
} from "@fairlead/iot/coap";
import { writeOption } from "@fairlead/iot/coap/protocol";
import { startRelay } from "@fairlead/testserver/relay";
import { connectUdp, openUdp } from "@fairlead/transport";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

/** Bodies of these sizes, in KiB. */
const SIZES = (process.env["BENCH_KIB"] ?? "128,1024").split(",").map(Number);
/** Of the loss: one transfer each way for each of them. */
const SEEDS = Number(process.env["BENCH_SEEDS"] ?? 5);
const ONE_WAY_MILLISECONDS = 50;
const LOSS = 0.05;
const PATIENCE_SECONDS = 600;

/** Client and server are of one kind. Debian's libcoap 4.3 is built without Q-Block. */
const transfers = { fairlead: byFairlead, "fairlead, Q-Block": byQBlocks, libcoap: byLibcoap } as const;
type Side = keyof typeof transfers;
type Direction = (typeof directions)[number];

interface Sample {
  readonly side: Side;
  readonly direction: Direction;
  readonly kibibytes: number;
  readonly seed: number;
  readonly seconds: number;
  /** Datagrams that the link lost, both ways together. */
  readonly lost: number;
  /** What was said when the body did not arrive; the time is until who asked was ended. */
  readonly failed?: string;
}

/** What is transferred, and by whom. */
interface Transfer extends AsyncDisposable {
  /** Of the server, without a link before it. */
  readonly port: number;
  /** Asks at a port, and gives what has arrived, on whichever side that is. */
  run(port: number): Promise<Uint8Array>;
}

/**
 * A body goes block by block, 1 KiB each, over a link with a round trip of 100 ms that loses a twentieth of the datagrams
 * each way: down by Block2, up by Block1, and both by Q-Block. With one seed the nth datagram of a way meets the same fate
 * on all sides. All transfers run at once, as they do little but wait.
 *
 * Of Debian's libcoap 4.3.1 the server forgets an upload, and the client a download, 93 seconds (MAX_TRANSMIT_WAIT) after
 * it began, so that one of the sizes fits into that. `coap-client` then waits in vain for what is left of a download.
 *
 * @see https://github.com/obgm/libcoap/issues/1718
 */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-coap-lossy-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true }));
  const ready: (() => Promise<Sample>)[] = [];
  for (const { side, direction, kibibytes, seed } of all) {
    const content = randomBytes(kibibytes * 1_024);
    const file = join(folder, String(ready.length));
    const transfer = stack.use(await transfers[side](direction, content, file));
    ready.push(() => measure({ side, direction, kibibytes, seed }, transfer, content));
  }
  return report(await Promise.all(ready.map((start) => start())));
}

const sides = Object.keys(transfers) as readonly Side[];
const directions = ["download", "upload"] as const;
const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1);
const all = SIZES.flatMap((kibibytes) =>
  seeds.flatMap((seed) =>
    directions.flatMap((direction) => sides.map((side) => ({ side, direction, kibibytes, seed }))),
  ),
);

async function measure(which: Omit<Sample, "seconds" | "lost">, transfer: Transfer, content: Buffer): Promise<Sample> {
  await using link = await startRelay({
    ...{ to: `127.0.0.1:${String(transfer.port)}`, transport: "udp" },
    faults: [
      { type: "loss", probability: LOSS, direction: "both", seed: which.seed },
      { type: "latency", milliseconds: ONE_WAY_MILLISECONDS, direction: "both", seed: which.seed },
    ],
  });
  const started = performance.now();
  const failed = await transfer.run(link.port).then(
    (arrived) => (content.equals(arrived) ? undefined : "another body arrived"),
    (error: unknown) => String(error),
  );
  const elapsed = rounded((performance.now() - started) / 1_000);
  const lost = link.faults.list.find(({ fault }) => fault.type === "loss")?.hits ?? 0;
  return { ...which, seconds: elapsed, lost, ...(failed !== undefined && { failed }) };
}

/** What a server of ours does with a body, and what it got last. */
function keeper(content: Buffer): { readonly handler: CoapHandler; readonly kept: () => Uint8Array } {
  let kept = new Uint8Array(0);
  return {
    handler: ({ code, payload }) => {
      if (code === "0.01") return coapAnswer("Content", content, { eTag: Uint8Array.of(1) });
      kept = Uint8Array.from(payload);
      return coapAnswer("Changed");
    },
    kept: () => kept,
  };
}

async function byFairlead(direction: Direction, content: Buffer): Promise<Transfer> {
  const { handler, kept } = keeper(content);
  const server = coapServer({ handler });
  const { port } = await server.listen({ port: 0 });
  const client = coapClient({ timeoutMilliseconds: PATIENCE_SECONDS * 1_000 });
  return {
    port,
    run: async (at) => {
      const url = urlAt(at);
      if (direction === "download") return (await client.get(url)).payload;
      await client.put(url, { body: content });
      return kept();
    },
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await server.close();
    },
  };
}

async function byQBlocks(direction: Direction, content: Buffer): Promise<Transfer> {
  const { handler, kept } = keeper(content);
  const serve = serveBlocks()(serveQBlocks()(handler));
  const listener = listenDatagrams(await openUdp(), (channel) => serveChannel(channel, serve));
  return {
    port: listener.address.port,
    run: async (at) => {
      const channel = datagramChannel(await connectUdp({ host: "127.0.0.1", port: at }));
      const ask = withQBlocks({ channel })(channelRequester(channel));
      const isDown = direction === "download";
      const options = [writeOption("uriPath", path)];
      const payload = isDown ? new Uint8Array(0) : content;
      const answer = await ask({ code: isDown ? "0.01" : "0.03", options, payload });
      await channel.close();
      return isDown ? answer.payload : kept();
    },
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

/** `coap-server` and `coap-client` of Debian's libcoap3-bin. */
async function byLibcoap(direction: Direction, content: Buffer, file: string): Promise<Transfer> {
  const server = await startLibcoapServer("gnutls");
  await using client = coapClient({ timeoutMilliseconds: PATIENCE_SECONDS * 1_000 });
  if (direction === "download") await client.put(urlAt(server.port), { body: content });
  else writeFileSync(file, content);
  const common = ["-v", "4", "-b", "1024", "-B", String(PATIENCE_SECONDS)];
  return {
    port: server.port,
    run: async (at) => {
      const how = direction === "download" ? ["-o", file] : ["-m", "put", "-f", file];
      const said = await runLibcoapClient("gnutls", [...common, ...how, urlAt(at)]);
      const arrived = direction === "download" ? readFileSync(file) : await keptAt(server.port);
      if (!content.equals(arrived)) throw new Error(`${String(arrived.length)} bytes arrived. ${said.slice(-500)}`);
      return arrived;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Without a link between. */
async function keptAt(port: number): Promise<Uint8Array> {
  await using client = coapClient();
  return (await client.get(urlAt(port))).payload;
}

/** What libcoap's server has room at. */
const path = "example_data";

function urlAt(port: number): string {
  return `coap://127.0.0.1:${String(port)}/${path}`;
}

function report(samples: readonly Sample[]): BenchResult {
  const claims = SIZES.flatMap((kibibytes) =>
    directions.flatMap((direction) => {
      const these = samples.filter((sample) => sample.kibibytes === kibibytes && sample.direction === direction);
      return sides.filter((side) => side !== "libcoap").map((side) => claim(side, these));
    }),
  );
  const link = { roundTripMilliseconds: 2 * ONE_WAY_MILLISECONDS, lossEachWay: LOSS };
  return { name: "coap-lossy", claims, details: { ...link, sizes: SIZES, seeds: SEEDS, samples } };
}

/** Of the samples of one size and direction: of the seeds by which the body arrived on both sides. */
function claim(ours: Side, samples: readonly Sample[]): BenchClaim {
  const mine = samples.filter(({ side }) => side === ours);
  const theirs = samples.filter(({ side }) => side === "libcoap");
  const arrived = theirs.filter(({ failed }) => failed === undefined);
  const pairs = mine.filter(({ seed }) => arrived.some((other) => other.seed === seed));
  const [first] = samples;
  const stopped = theirs.length - arrived.length;
  const failures = stopped === 0 ? "" : `; libcoap failed ${String(stopped)} of ${String(SEEDS)} times`;
  const what = `${first?.direction ?? ""} of ${String(first?.kibibytes)} KiB, 100 ms, 5 % lost each way${failures}`;
  const holds = mine.every(({ failed }) => failed === undefined);
  if (pairs.length === 0) {
    return { what: `time of ${ours}, ${what}`, value: rounded(median(seconds(mine))), unit: "s", holds };
  }
  const times = `${median(seconds(pairs)).toFixed(1)} s against ${median(seconds(arrived)).toFixed(1)}`;
  const value = rounded(medianRatio(seconds(pairs), seconds(arrived)));
  return { what: `time of ${ours} over libcoap, ${what} (${times})`, value, unit: "ratio", holds };
}

function seconds(samples: readonly Sample[]): readonly number[] {
  return samples.map((sample) => sample.seconds);
}
