import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { loadavg } from "node:os";
import { type NetworkAccessManager, openNetworkAccessManager } from "@fairlead/access";
import { openBrowser, type OpenBrowser, type TestedPage } from "@fairlead/conformance/browser";
import { inspect, serveConsole } from "@fairlead/console";
import { type PageFrames, tracePageFrames } from "./measuring/page-frames.ts";
import { median, quantile, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const seconds = Number(process.env["BENCH_SECONDS"] ?? 5);
const transactions = 10_000;
const requestsPerSecond = 1_000;
/** A screen shows sixty frames a second: what takes no longer than one is in time for the next. */
const workLimitMilliseconds = 16.7;
/** Where two are missing in a row, an eye sees it. */
const intervalLimitMilliseconds = 33.4;
/** Rows of 36 pixels: more than a hundred and sixty in a second, which no eye follows. */
const pixelsPerSecond = 6_000;

/** What an element is that scrolls; this file knows no globals of a page. */
interface Scroller {
  readonly scrollHeight: number;
  readonly scrollTo: (left: number, top: number) => void;
}

/** One time through a part of the list. */
interface Sample extends PageFrames {
  /** How far it was scrolled, in rows. */
  readonly rows: number;
  readonly requestsPerSecond: number;
}

/** How smooth the list of the console is with as many transactions as it keeps: in Chromium, at rest and while more come. */
export async function run(): Promise<BenchResult> {
  await using origin = await startOrigin();
  await using manager = await openNetworkAccessManager({ cache: false });
  await using inspection = inspect(manager, { limits: { transactions } });
  await using served = await serveConsole({ inspection });
  await using browser = await openBrowser();
  const ask = requester(manager, origin.url);
  for (let made = 0; made < transactions; made += 100) await Promise.all(Array.from({ length: 100 }, ask));

  const still = await measure(browser, served.url, undefined);
  const busy = await measure(browser, served.url, ask);
  return {
    name: "console-list",
    claims: [
      ...claimsOf("10,000 transactions", still),
      ...claimsOf("the same, 1,000 requests a second arriving", busy),
    ],
    details: { seconds, transactions, pixelsPerSecond, loadAverage: loadavg(), still, busy },
  };
}

function claimsOf(what: string, { intervals, work }: Sample): readonly BenchClaim[] {
  return [
    claim(`${what}, scrolled: CPU time of the page's thread for a frame`, work, workLimitMilliseconds),
    claim(`${what}, scrolled: from frame to frame`, intervals, intervalLimitMilliseconds),
  ];
}

function claim(what: string, values: readonly number[], limit: number): BenchClaim {
  const value = quantile(values, 0.95);
  const middle = String(rounded(median(values)));
  return {
    what: `${what}, 95th percentile (median ${middle})`,
    value: rounded(value),
    unit: "ms",
    limit,
    holds: value <= limit,
  };
}

async function measure(opened: OpenBrowser, url: string, ask: (() => Promise<void>) | undefined): Promise<Sample> {
  await using tested = await opened.openPage({ viewport: { width: 1280, height: 800 } });
  const { page } = tested;
  await page.goto(url);
  await page.getByText("10,000 requests").waitFor();
  // In the middle, where rows are neither new nor about to go.
  await page.getByRole("grid").evaluate((grid: Scroller) => grid.scrollTo(0, grid.scrollHeight / 2));
  await page.getByRole("button", { name: "Follow newest", pressed: false }).waitFor();
  const protocol = await page.context().newCDPSession(page);
  await using arriving = arrive(ask);
  const from = await firstRow(page);
  const began = performance.now();
  let rate = 0;
  const frames = await tracePageFrames(opened.browser, page, async () => {
    // A wheel that turns without a stop, an event for each frame.
    await protocol.send("Input.synthesizeScrollGesture", {
      x: 640,
      y: 500,
      yDistance: -pixelsPerSecond * seconds,
      speed: pixelsPerSecond,
      gestureSourceType: "mouse",
      preventFling: true,
    });
    rate = (arriving.made() / (performance.now() - began)) * 1_000;
  });
  return {
    intervals: frames.intervals.map(rounded),
    work: frames.work.map(rounded),
    rows: (await firstRow(page)) - from,
    requestsPerSecond: Math.round(rate),
  };
}

/** The id of the first request that is drawn. */
async function firstRow(page: TestedPage["page"]): Promise<number> {
  return page.evaluate<number>(`(() => {
    const within = (root) => [...root.querySelectorAll("*")].flatMap((each) => [each, ...(each.shadowRoot ? within(each.shadowRoot) : [])]);
    return Number(within(document).find((each) => each.id.startsWith("request-")).id.slice("request-".length));
  })()`);
}

/** Has requests made until it is disposed of, a thousand in a second. */
function arrive(ask: (() => Promise<void>) | undefined): AsyncDisposable & { readonly made: () => number } {
  const began = performance.now();
  const underWay = new Set<Promise<void>>();
  let made = 0;
  const timer = setInterval(() => {
    if (ask === undefined) return;
    const due = ((performance.now() - began) / 1_000) * requestsPerSecond;
    // What a busy machine has put off is not made up for by more at once than that.
    for (let left = Math.min(due - made, 50); left >= 1; left -= 1) {
      made += 1;
      const asked = ask().finally(() => underWay.delete(asked));
      underWay.add(asked);
    }
  }, 10);
  return {
    made: () => made,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

function requester(manager: NetworkAccessManager, origin: string): () => Promise<void> {
  let asked = 0;
  return async () => {
    asked += 1;
    const path = `/v1/stations/${String(asked % 97)}/observations/${String(asked)}?unit=celsius&from=2026-11-22`;
    await (await manager.request(`${origin}${path}`)).bytes();
  };
}

/** A server that says next to nothing, as fast as can be. */
async function startOrigin(): Promise<AsyncDisposable & { readonly url: string }> {
  const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
  const server = createServer((socket) => {
    let left = "";
    socket.setNoDelay().on("data", (bytes) => {
      const heads = (left + bytes.toString("latin1")).split("\r\n\r\n");
      left = heads.pop() ?? "";
      socket.write(answer.repeat(heads.length));
    });
    socket.on("error", () => undefined);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
