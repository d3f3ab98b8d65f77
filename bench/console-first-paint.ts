import { openNetworkAccessManager } from "@fairlead/access";
import { openBrowser, type OpenBrowser } from "@fairlead/conformance/browser";
import { inspect, serveConsole } from "@fairlead/console";
import { median, rounded } from "./measuring/median.ts";
import type { BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 9);

/** From the beginning of the navigation, milliseconds. */
interface Sample {
  readonly firstPaint: number;
  readonly firstContent: number;
}

/** What a person waits for who opens the console: in Chromium, on loopback, each time in a new profile. */
export async function run(): Promise<BenchResult> {
  await using manager = await openNetworkAccessManager();
  await using inspection = inspect(manager);
  await using served = await serveConsole({ inspection });
  // The page is made of its sources once, which what is published has done.
  await (await fetch(served.url)).text();
  await using browser = await openBrowser();
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) samples.push(await openOnce(browser, served.url));
  const firstContent = median(samples.map((sample) => sample.firstContent));
  return {
    name: "console-first-paint",
    claims: [
      {
        what: "the console, from the beginning of its navigation to its first contentful paint",
        value: rounded(firstContent),
        unit: "ms",
        limit: 500,
        holds: firstContent <= 500,
      },
    ],
    details: { rounds, samples },
  };
}

async function openOnce(browser: OpenBrowser, url: string): Promise<Sample> {
  await using tested = await browser.openPage();
  await tested.page.goto(url);
  // A string, since what runs in a page knows other globals than this file.
  const paints = await tested.page.evaluate<readonly { readonly name: string; readonly startTime: number }[]>(`
    new Promise((resolve) => {
      new PerformanceObserver(() => {
        const paints = performance.getEntriesByType("paint");
        if (paints.length > 1) resolve(paints.map(({ name, startTime }) => ({ name, startTime })));
      }).observe({ type: "paint", buffered: true });
    })`);
  const at = (wanted: string): number => paints.find(({ name }) => name === wanted)?.startTime ?? Number.NaN;
  return { firstPaint: at("first-paint"), firstContent: at("first-contentful-paint") };
}
