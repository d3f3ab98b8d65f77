import type { BodyStream, RequestBody } from "@fairlead/access";
import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import type { Input } from "../command.ts";
import { FileError } from "../file-error.ts";

/** A body, and its length where that is known. */
export interface RequestData {
  readonly body: RequestBody;
  readonly sizeBytes: number | undefined;
}

/**
 * Opens what `--data` names: the text itself, `@FILE` or `@-`. A regular file can be sent again when a redirect asks for
 * that; standard input and pipes can be read only once.
 *
 * @throws FileError when the file cannot be read.
 */
export async function openRequestData(data: string, stdin: Input): Promise<RequestData> {
  if (data === "@-") return { body: readable(stdin, "standard input"), sizeBytes: undefined };
  if (!data.startsWith("@")) return { body: data, sizeBytes: undefined };

  const file = data.slice(1);
  try {
    const facts = await stat(file);
    await access(file, constants.R_OK);
    if (facts.isDirectory()) throw new FileError(`read ${file}`, "it is a directory");
    const open = (): BodyStream => readable(createReadStream(file), file);
    return facts.isFile() ? { body: open, sizeBytes: facts.size } : { body: open(), sizeBytes: undefined };
  } catch (cause) {
    throw cause instanceof FileError ? cause : new FileError(`read ${file}`, cause);
  }
}

/** Names the file when reading it fails on the way. */
async function* readable(source: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (cause) {
    throw new FileError(`read ${name}`, cause);
  }
}
