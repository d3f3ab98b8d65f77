import { accessSync, constants, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { parseProcessorList } from "./protocol/processor-list.ts";
import type { StressBounds } from "./protocol/stress-plan.ts";

/** What this machine has for this process at the moment; limits of a container are heeded. */
export function boundsOfMachine(durationMilliseconds: number): StressBounds {
  return { processors: allowedProcessors(), availableBytes: process.availableMemory(), durationMilliseconds };
}

function allowedProcessors(): readonly number[] {
  const [, list = ""] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readOr("/proc/self/status", "")) ?? [];
  return parseProcessorList(list) ?? Array.from({ length: availableParallelism() }, (_, number) => number);
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return otherwise;
  }
}

/** The file of a program that is looked for as a shell does; `undefined` where there is none that may be run. */
export function findProgram(program: string, path: string): string | undefined {
  const places = program.includes("/") ? [""] : path.split(delimiter).filter((folder) => folder !== "");
  return places.map((folder) => join(folder, program)).find(mayBeRun);
}

function mayBeRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The library that changes what time a program sees; `undefined` where it is not installed. */
export function findFakeTime(): string | undefined {
  const file = join("faketime", "libfaketimeMT.so.1");
  const folders = ["/usr/lib", "/usr/lib64", "/usr/local/lib", ...architectureFolders()];
  return folders.map((folder) => join(folder, file)).find((path) => existsSync(path));
}

/** Where Debian has libraries: `/usr/lib/x86_64-linux-gnu`. */
function architectureFolders(): readonly string[] {
  try {
    return readdirSync("/usr/lib")
      .filter((name) => name.includes("-linux-"))
      .map((name) => join("/usr/lib", name));
  } catch {
    return [];
  }
}
