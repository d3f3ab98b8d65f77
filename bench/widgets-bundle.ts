import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { bundleForBrowsers, type BundledFile, neededFiles } from "../scripts/browser-bundle.ts";
import { rounded } from "./measuring/median.ts";
import type { BenchResult } from "./result.ts";

const entry = "fairlead-widgets.js";
const limitKib = 60;

/** What a page fetches for all widgets, with Lit, before the first is drawn: as compressed as servers send it. */
export async function run(): Promise<BenchResult> {
  const files = await bundleForBrowsers({
    entries: { "fairlead-widgets": join(import.meta.dirname, "../packages/widgets/src/bundle/fairlead-widgets.ts") },
  });
  const scripts = files.filter(({ name }) => name.endsWith(".js"));
  const first = new Set(neededFiles(scripts, entry));
  const gzip = kib([...first].map(gzipped));
  const brotli = kib([...first].map(brotlied));
  const later = scripts.filter((file) => !first.has(file));
  const what = "all widgets and Lit, compressed";
  return {
    name: "widgets-bundle",
    claims: [
      { what: `${what} by Brotli`, value: brotli, unit: "KiB", limit: limitKib, holds: brotli <= limitKib },
      // The limit is held by what browsers get. Every browser that has light-dark(), without which the widgets have no colours, takes Brotli.
      { what: `${what} by gzip`, value: gzip, unit: "KiB", holds: true },
      {
        what: `loaded when first used (${later.length} files), by gzip`,
        value: kib(later.map(gzipped)),
        unit: "KiB",
        holds: true,
      },
    ],
    details: scripts.map((file) => ({
      name: file.name.replace(/-[A-Z0-9]{8}\.js$/, ".js"),
      first: first.has(file),
      bytes: file.bytes.length,
      gzip: gzipped(file),
      brotli: brotlied(file),
    })),
  };
}

function gzipped({ bytes }: BundledFile): number {
  return gzipSync(bytes, { level: 9 }).length;
}

function brotlied({ bytes }: BundledFile): number {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

function kib(sizes: readonly number[]): number {
  return rounded(sizes.reduce((sum, size) => sum + size, 0) / 1024);
}
