import { isCodedError } from "@fairlead/core";
import { ArgumentsError } from "./arguments.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { FileError } from "./file-error.ts";
import { printable } from "./terminal/printable.ts";

/** What is said about a failure, and what the process ends with. */
export interface Failure {
  /** One line, safe to print. */
  readonly line: string;
  readonly exitCode: number;
}

/**
 * The error that came first, where tidying up failed as well: `await using` throws a SuppressedError, and the runtimes
 * that do not know the class yet a look-alike.
 */
export function firstFailure(error: unknown): unknown {
  return error instanceof Error && error.name === "SuppressedError" && "suppressed" in error
    ? firstFailure(error.suppressed)
    : error;
}

/** Describes whatever was thrown in one line. */
export function describeFailure(error: unknown, command: string | undefined): Failure {
  if (error instanceof ArgumentsError) {
    const help = command === undefined ? "fairlead help" : `fairlead help ${command}`;
    const subject = command === undefined ? "" : `${command}: `;
    return { line: `fairlead: ${subject}${printable(error.message)} (see '${help}')`, exitCode: exitCodes.usage.code };
  }
  if (error instanceof FileError) {
    return { line: `fairlead: ${printable(error.message)}`, exitCode: exitCodes.file.code };
  }
  if (isCodedError(error)) {
    return { line: `fairlead: ${printable(error.message)} [${error.code}]`, exitCode: exitCodeOf(error) };
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    line: `fairlead: unexpected failure (${printable(what)}); FAIRLEAD_DEBUG=1 shows its causes`,
    exitCode: exitCodes.failed.code,
  };
}

/** How deep a chain of causes is followed. */
const CAUSES_LIMIT = 10;

/** The chain of causes for `FAIRLEAD_DEBUG=1`: class, code and message of each, and where ours was thrown. */
export function describeCauses(error: unknown): string[] {
  const lines: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < CAUSES_LIMIT; at = at.cause, depth += 1) {
    const code = "code" in at && typeof at.code === "string" ? ` ${at.code}` : "";
    lines.push(printable(`${depth === 0 ? "error" : "cause"}: ${at.name}${code}: ${at.message.trim()}`));
    for (const frame of (at.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line))) {
      lines.push(`  ${printable(frame.trim())}`);
    }
  }
  return lines;
}
