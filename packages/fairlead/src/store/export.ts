import { openDraft } from "@fairlead/access/draft";
import { COLLECTIONS, exportMemory, isCollectionName, type ExportedMemory } from "@fairlead/access/memory";
import { lstatSync } from "node:fs";
import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { FileError } from "../file-error.ts";
import { printable } from "../terminal/printable.ts";
import { countsPage, describeCounts } from "./counts.ts";
import { openExisting } from "./open.ts";
import { count, layoutOf, printLines, printObject } from "./page.ts";
import type { StoreRequest } from "./request.ts";

/** Writes what is remembered to a file that nobody else can read, or to standard output. */
export async function exportTo(request: StoreRequest, surroundings: Surroundings): Promise<number> {
  const { format = "json", secrets } = request;
  const { stdout } = surroundings;
  const file = request.operand === "-" ? undefined : request.operand;
  if (format === "netscape-cookies" && !secrets) {
    throw new ArgumentsError("cookies are secrets: --format netscape-cookies needs --secrets");
  }
  if (file === undefined && request.json) {
    throw new ArgumentsError("export --json tells of a file: name one (it is --format json that exports JSON)");
  }
  if (file === undefined && secrets && stdout.isTTY === true && !request.yes) {
    throw new ArgumentsError("export --secrets does not show secrets on a terminal: name a file, or give --yes");
  }

  await using opened = await openExisting(request.store, surroundings);
  const { store, url } = opened;
  const exported = exportMemory(store, { format, secrets });
  if (file === undefined) {
    stdout.write(exported.bytes);
  } else {
    await writePrivately(file, exported);
    if (request.json) {
      printObject(stdout, {
        store: url,
        file,
        format,
        ...describeCounts(exported.counts),
        omitted: exported.omitted,
      });
      return exitCodes.ok.code;
    }
    printLines(stdout, countsPage("Exported", exported.counts, `to ${printable(file)}`, layoutOf(stdout)));
  }
  const kept = secrets || format !== "json" ? [] : store.collectionNames().filter(isSecret);
  if (kept.length > 0) tell(surroundings, `${kept.join(", ")}: secret, not exported; --secrets exports them, too`);
  if (exported.omitted > 0) tell(surroundings, `${count(exported.omitted)} left out, which ${format} cannot hold`);
  return exitCodes.ok.code;
}

/** The file is 0600 before anything is in it, and has its name when all of it is there. */
async function writePrivately(path: string, { bytes }: ExportedMemory): Promise<void> {
  // Whoever can place a link in a directory such as /tmp would choose which of our files is replaced.
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (process.getuid !== undefined && facts?.isSymbolicLink() === true && facts.uid !== process.getuid()) {
    throw new FileError(`write ${path}`, "it is a link of another user");
  }
  const draft = await openDraft(path, { mode: 0o600 });
  try {
    await draft.write(bytes);
    await draft.commit();
  } finally {
    await draft.discard();
  }
}

function isSecret(name: string): boolean {
  return isCollectionName(name) && COLLECTIONS[name].secret;
}

function tell({ stderr }: Surroundings, what: string): void {
  stderr.write(`fairlead: ${printable(what)}\n`);
}
