import { open } from "node:fs/promises";
import { FileError } from "../file-error.ts";

/** Bytes that a secret may have. */
const LIMIT_BYTES = 4_096;

/**
 * Reads a secret from a file that nobody else can read, without the line break at its end.
 *
 * @throws FileError, which holds nothing of the file.
 */
export async function readSecretFile(path: string): Promise<string> {
  const bytes = await readPrivate(path).catch((cause: unknown) => {
    throw cause instanceof FileError ? cause : new FileError(`read ${path}`, cause);
  });
  const secret = bytes.toString("utf8").replace(/\r?\n$/, "");
  if (secret === "" || /\p{Cc}/u.test(secret)) throw new FileError(`read ${path}`, "it holds no secret in one line");
  return secret;
}

async function readPrivate(path: string): Promise<Buffer> {
  await using file = await open(path);
  const facts = await file.stat();
  // What modes say on Windows there is about nobody.
  if (process.platform !== "win32" && facts.isFile() && (facts.mode & 0o077) !== 0) {
    throw new FileError(`read ${path}`, "other users can read it; run chmod 600 on it");
  }
  const { buffer, bytesRead } = await file.read(Buffer.alloc(LIMIT_BYTES + 1));
  if (bytesRead > LIMIT_BYTES) throw new FileError(`read ${path}`, "it is too long for a secret");
  return buffer.subarray(0, bytesRead);
}
