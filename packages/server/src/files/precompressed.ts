import { chooseCoding } from "@fairlead/http/negotiation";
import type { Found, Root } from "./open-below.ts";

/** Codings by what names of coded files end in; what is smaller comes first. */
const suffixes: Readonly<Record<string, string>> = { br: ".br", zstd: ".zst", gzip: ".gz" };

/** Finds the coded form of a file that a client likes best. One older than the file is of a version before, and left. */
export async function findPrecompressed(
  root: Root,
  original: Found,
  names: readonly string[],
  acceptEncoding: string | undefined,
): Promise<{ readonly found: Found; readonly coding: string } | undefined> {
  let offered = Object.keys(suffixes);
  for (;;) {
    const coding = chooseCoding(acceptEncoding, offered);
    const suffix = suffixes[coding ?? ""];
    if (coding === undefined || suffix === undefined) return undefined;
    const found = await root.find([...names.slice(0, -1), `${names.at(-1) ?? ""}${suffix}`]);
    if (found?.stats.isFile() === true && found.stats.mtimeMs >= original.stats.mtimeMs) return { found, coding };
    found?.release();
    offered = offered.filter((each) => each !== coding);
  }
}
