import { importOpenApi, type ImportWarning } from "@fairlead/rest/openapi";
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { FileError } from "../file-error.ts";
import { printable } from "../terminal/printable.ts";
import type { OpenApiRequest } from "./request.ts";

/** Octets of a document that are read. */
const LIMIT_BYTES = 64 * 1024 * 1024;

/** Makes a contract of a document, or says whether one can be made. */
export async function performOpenApi(request: OpenApiRequest, surroundings: Surroundings): Promise<number> {
  const { stdout, stderr, stdin } = surroundings;
  const name = request.file === "-" ? "standard input" : request.file;
  const text = await readText(request.file === "-" ? stdin : createReadStream(request.file), name);
  const { source, warnings } = await importOpenApi(text, { name });
  if (request.action === "check") {
    if (request.json) stdout.write(`${JSON.stringify({ file: name, warnings }, undefined, 2)}\n`);
    else stdout.write([...warnings.map(describeWarning), verdict(name, warnings.length)].map(line).join(""));
    return exitCodes.ok.code;
  }
  if (request.output === "-") stdout.write(source);
  else await writeSource(request.output, source, request.force);
  stderr.write(warnings.map((warning) => line(`fairlead: ${describeWarning(warning)}`)).join(""));
  return exitCodes.ok.code;
}

function describeWarning({ pointer, kind, message }: ImportWarning): string {
  return `${kind} ${pointer === "" ? "/" : pointer}: ${message}`;
}

function verdict(name: string, warnings: number): string {
  const things = warnings === 1 ? "1 thing" : `${warnings.toString()} things`;
  return warnings === 0 ? `${name}: a contract says all of it` : `${name}: a contract says it otherwise in ${things}`;
}

function line(text: string): string {
  return `${printable(text)}\n`;
}

async function readText(stream: Readable, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      // Neither stream has an encoding, so octets come.
      const octets = chunk as Buffer;
      size += octets.length;
      if (size > LIMIT_BYTES) throw new FileError(`read ${name}`, `it is larger than ${LIMIT_BYTES.toString()} octets`);
      chunks.push(octets);
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(
      `read ${name}`,
      cause instanceof TypeError && !("syscall" in cause) ? "it is not in UTF-8" : cause,
    );
  }
}

/** A contract that somebody has changed by hand is not lost by accident. */
async function writeSource(path: string, source: string, force: boolean): Promise<void> {
  try {
    await writeFile(path, source, { flag: force ? "w" : "wx" });
  } catch (cause) {
    const isThere = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    throw new FileError(`write ${path}`, isThere ? "it exists already; --force replaces it" : cause);
  }
}
