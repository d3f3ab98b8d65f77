import { displayUrl } from "@fairlead/widgets/url";
import { loadUrlData } from "@fairlead/widgets/url-data";
import { parse } from "tldts";
import { median, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 7);
const repetitions = 2_000;

/**
 * The display rules with their data loaded: URLs as they are met, then each kind by itself, and beside them what is the
 * least that any such rules need, the URL parser and the public suffix list of tldts. Both sides take turns.
 */
export async function run(): Promise<BenchResult> {
  const started = performance.now();
  const data = await loadUrlData();
  const loadMilliseconds = performance.now() - started;
  const display = (url: string): number => {
    const shown = displayUrl(url, data);
    return shown.type === "url" ? shown.parts.length : 0;
  };
  const floor = (url: string): number => (URL.parse(url)?.href.length ?? 0) + (parse(url).domain?.length ?? 0);

  const lists = Object.entries({ mixed, ...kinds }).map(([kind, makers]) => [kind, numbered(makers)] as const);
  const samples: Record<string, Rate[]> = {};
  for (let round = 0; round <= rounds; round++) {
    for (const [kind, urls] of lists) {
      for (const [side, show] of [["shown", display] as const, ["floor", floor] as const]) {
        const rate = measure(urls, show);
        // The first round only warms up.
        if (round > 0) (samples[`${kind}, ${side}`] ??= []).push(rate);
      }
    }
  }

  const claims = ["mixed", ...Object.keys(kinds)].map((kind): BenchClaim => {
    const [shown, least] = [samples[`${kind}, shown`] ?? [], samples[`${kind}, floor`] ?? []];
    const value = rounded(median(shown.map(({ perSecond }) => perSecond)));
    const floorRate = Math.round(median(least.map(({ perSecond }) => perSecond)));
    const cpu = median(shown.map(({ cpuMicroseconds }) => cpuMicroseconds)).toFixed(2);
    const what = `URLs shown a second, ${kind}; CPU ${cpu} µs each; URL parser and tldts alone ${String(floorRate)}`;
    if (kind !== "mixed") return { what, value, unit: "/s", holds: true };
    return { what, value, unit: "/s", limit: 200_000, bound: "at least", holds: value >= 200_000 };
  });
  const loading = {
    what: "loading the data of the display rules",
    value: rounded(loadMilliseconds),
    unit: "ms",
    holds: true,
  };
  return { name: "url-display", claims: [...claims, loading], details: { rounds, samples } };
}

interface Rate {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

function measure(urls: readonly string[], show: (url: string) => number): Rate {
  const before = process.cpuUsage();
  const started = performance.now();
  let sum = 0;
  for (const url of urls) sum += show(url);
  const { user, system } = process.cpuUsage(before);
  if (sum === 0) throw new Error("nothing was shown");
  return {
    perSecond: urls.length / ((performance.now() - started) / 1_000),
    cpuMicroseconds: (user + system) / urls.length,
  };
}

/** Makes a URL of a number below 2,000, another one of each. */
type UrlMaker = (number: number) => string;

/** URLs of each kind, no two of them the same, so that nobody answers from what they remember of the last. */
function numbered(makers: readonly UrlMaker[]): readonly string[] {
  return Array.from({ length: repetitions }, (_, number) => makers.map((make) => make(number))).flat();
}

function counted(urls: readonly string[]): readonly UrlMaker[] {
  return urls.map((url) => (number) => url + String(number));
}

/** A name of its own for each number, in the letters given: enough of them for 2,000 names. */
function named(start: string, letters: string, length: number, end: string): UrlMaker {
  const alphabet = Array.from(letters);
  return (number) => {
    let name = "";
    let rest = number;
    for (let index = 0; index < length; index++) {
      name += alphabet[rest % alphabet.length] ?? "";
      rest = Math.floor(rest / alphabet.length);
    }
    return new URL(start + name + end).href;
  };
}

const kinds = {
  ASCII: counted([
    "https://www.example.com/path/to/page?query=1&page=2#section-",
    "https://github.com/nodejs/node/issues/",
    "https://news.sub.example.co.uk:8443/a/b/c.html?id=",
    "https://en.wikipedia.org/wiki/Main_Page?revision=",
    "http://192.168.1.1/admin?page=",
    "https://user.github.io/project/",
  ]),
  "percent-encoded": counted([
    "https://de.wikipedia.org/wiki/%C3%9Cbersicht?oldid=",
    "https://ja.wikipedia.org/wiki/%E6%97%A5%E6%9C%AC%E8%AA%9E?oldid=",
    "https://www.example.com/search?q=caf%C3%A9%20cr%C3%A8me&page=",
  ]),
  // As long as bücher.de, ѕсоре.рф, 朝日あさひ.jp and افلام.eg.
  internationalised: [
    named("https://www.bü", "acehirst", 4, ".de/katalog/"),
    named("https://ѕ", "аеіорсух", 4, ".рф/"),
    named("https://朝日", "あいうえおかきくけこさしす", 3, ".jp/"),
    named("https://www.ا", "بتجدرسعف", 4, ".eg/"),
  ],
  hostile: counted([
    "https://xn--80ak6aa92e.com/login?",
    "https://paypal.com.account.evil.example/signin?",
    "http://paypal.com:443@evil.example/",
    "https://xn--paypl-g9d.com/",
    "javascript:alert(1)//https://bank.example/",
    "https://evil.example/%E2%80%AE%F0%9F%94%92/bank.example/",
  ]),
};

/** As an address bar and its history meet them: of twenty, one or two are internationalised, two are hostile. */
const mixed = [
  ...[...kinds.ASCII, ...kinds.ASCII],
  ...kinds["percent-encoded"],
  ...kinds.internationalised.slice(0, 2),
  ...kinds.hostile.slice(0, 3),
];
