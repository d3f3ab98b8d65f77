import { createHash } from "node:crypto";
import { open, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import {
  type CoapAnswer,
  coapAnswer,
  type CoapBody,
  type CoapHandler,
  resource,
  resourceHandler,
} from "@fairlead/iot/coap";
import { readOptions } from "@fairlead/iot/coap/protocol";
import { FileError } from "../file-error.ts";

/**
 * Answers GET with the files below a folder. Names that begin with a dot are not there, and nothing is that a link leads to
 * outside. A file is read block by block; its ETag says when it was changed.
 *
 * @throws FileError when there is no such folder.
 */
export async function folderHandler(folder: string): Promise<CoapHandler> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new FileError(`serve ${folder}`, cause);
  });
  return resourceHandler([
    resource("*", { unlisted: true, get: (request) => fileAnswer(root, readOptions(request, "uriPath")) }),
  ]);
}

async function fileAnswer(root: string, path: readonly string[]): Promise<CoapAnswer> {
  const isOdd = path.some((segment) => segment === "" || segment.startsWith(".") || /[/\\\0]/.test(segment));
  if (isOdd || path.length === 0) return coapAnswer("Not Found");
  try {
    const file = await realpath(join(root, ...path));
    if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) return coapAnswer("Not Found");
    const facts = await stat(file);
    if (!facts.isFile()) return coapAnswer("Not Found");
    const { size, mtimeMs, ino } = facts;
    const eTag = createHash("sha256").update(`${size} ${mtimeMs} ${ino}`).digest().subarray(0, 8);
    return coapAnswer("Content", new Uint8Array(0), { eTag, source: fileBody(file, size) });
  } catch (error) {
    if (error instanceof Error && "code" in error && absent.has(String(error.code))) return coapAnswer("Not Found");
    throw error;
  }
}

/** Opened for each block: a client that stays away costs nothing. */
function fileBody(file: string, sizeBytes: number): CoapBody {
  return {
    sizeBytes,
    async read(offset, length) {
      await using handle = await open(file);
      const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
  };
}

const absent: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"]);
