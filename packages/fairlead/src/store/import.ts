import {
  COLLECTIONS,
  importMemory,
  isCollectionName,
  type ExchangeFormat,
  type ImportedMemory,
} from "@fairlead/access/memory";
import { open } from "node:fs/promises";
import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { FileError } from "../file-error.ts";
import { printable } from "../terminal/printable.ts";
import { countsPage, describeCounts } from "./counts.ts";
import { detectFormat } from "./detect-format.ts";
import { openChosen } from "./open.ts";
import { count, layoutOf, printLines, printObject } from "./page.ts";
import type { StoreRequest } from "./request.ts";

/** Bytes of a file that are read; more is not imported. */
const LIMIT_BYTES = 64 * 1024 * 1024;
/** What is left out is told line by line up to here; JSON has all of it. */
const TOLD_LIMIT = 10;

/** Takes what another program, or another store, has remembered. */
export async function importFrom(request: StoreRequest, surroundings: Surroundings): Promise<number> {
  const { operand: path = "-", json } = request;
  const { stdout, stderr } = surroundings;
  if (/^memory:/i.test(request.store.url)) throw new ArgumentsError("memory: keeps nothing; name a store that does");
  const file = path === "-" ? await readInput(surroundings) : await readFile(path);
  const format = request.format ?? detectFormat(file.bytes);
  if (format === undefined) {
    throw new FileError(`import ${path}`, "its format cannot be told; name it by --format");
  }
  if (file.isOpenToOthers && holdsSecrets(format, file.bytes)) {
    stderr.write(
      `fairlead: warning: ${printable(`other users can read the secrets in ${path}; run chmod 600, or remove it`)}\n`,
    );
  }

  await using store = await openChosen(request.store, surroundings);
  const imported = importMemory(store, file.bytes, { format });
  // What cannot be written is told now, and not by a process that ends.
  await store.flush();
  if (json) {
    printObject(stdout, {
      store: store.url,
      file: path,
      format,
      ...describeCounts(imported.counts),
      omitted: imported.omitted,
    });
    return exitCodes.ok.code;
  }
  printLines(stdout, countsPage("Imported", imported.counts, `from ${printable(path)}`, layoutOf(stdout)));
  printLines(stderr, [...describeOmitted(path, imported), ...describeBounds(imported)]);
  return exitCodes.ok.code;
}

function describeOmitted(path: string, { omitted }: ImportedMemory): string[] {
  const told = omitted.slice(0, TOLD_LIMIT).map(({ place, reason }) => `${place} left out: ${reason}`);
  const more = omitted.length - told.length;
  if (more > 0) told.push(`${count(more, "other")} left out; --json tells all`);
  return told.map((line) => `fairlead: ${printable(`${path}: ${line}`)}`);
}

/** A collection keeps what was written last. */
function describeBounds({ counts }: ImportedMemory): string[] {
  return Object.entries(counts).flatMap(([name, records]) => {
    const limit = isCollectionName(name) ? COLLECTIONS[name].maxEntries : Infinity;
    return records <= limit ? [] : [`fairlead: ${name} keeps ${limit.toString()} records; the first ones made room`];
  });
}

interface ReadFile {
  readonly bytes: Uint8Array;
  /** Whether users beside its owner may read it. */
  readonly isOpenToOthers: boolean;
}

/** @throws FileError */
async function readFile(path: string): Promise<ReadFile> {
  try {
    await using file = await open(path);
    const facts = await file.stat();
    if (facts.isDirectory()) throw new FileError(`read ${path}`, "it is a directory");
    const bytes = await readLimited(file.createReadStream({ autoClose: false }), path);
    // What modes say there is about nobody.
    return { bytes, isOpenToOthers: process.platform !== "win32" && facts.isFile() && (facts.mode & 0o044) !== 0 };
  } catch (cause) {
    throw cause instanceof FileError ? cause : new FileError(`read ${path}`, cause);
  }
}

async function readInput({ stdin }: Surroundings): Promise<ReadFile> {
  return { bytes: await readLimited(stdin, "standard input"), isOpenToOthers: false };
}

async function readLimited(source: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > LIMIT_BYTES) throw new FileError(`import ${name}`, "it is larger than 64 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Cookies always are; an export of ours says so by the names of what is in it. */
function holdsSecrets(format: ExchangeFormat, bytes: Uint8Array): boolean {
  return (
    format === "netscape-cookies" || (format === "json" && secretMember.test(Buffer.from(bytes).toString("latin1")))
  );
}

const secretNames = Object.entries(COLLECTIONS).flatMap(([name, { secret }]) => (secret ? name : []));
const secretMember = new RegExp(`"(?:${secretNames.join("|")})"\\s*:\\s*\\[\\s*\\{`);
