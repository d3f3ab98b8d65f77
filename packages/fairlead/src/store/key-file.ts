import { StoreError } from "@fairlead/core";
import { open } from "node:fs/promises";

/** Bytes of a file that are read: base64 with its line break is the longest that can be a key. */
const LIMIT_BYTES = 100;

/**
 * Reads the key of a store from a file that nobody else can read: 64 hexadecimal digits, base64, or the 32 bytes themselves.
 *
 * @throws StoreError STORE_KEY_UNAVAILABLE, STORE_KEY_INVALID; neither holds anything of the file.
 */
export async function readKeyFile(path: string): Promise<Uint8Array> {
  const bytes = await readPrivate(path);
  if (bytes.length === 32) return bytes;
  const text = bytes.toString("latin1").trim();
  if (/^[\da-f]{64}$/i.test(text)) return new Uint8Array(Buffer.from(text, "hex"));
  if (/^[\w+/-]{43}=?$/.test(text)) return new Uint8Array(Buffer.from(text, "base64"));
  throw new StoreError("STORE_KEY_INVALID", {
    peer: path,
    operation: "read",
    detail: "it holds neither 64 hexadecimal digits nor the base64 of 32 bytes",
    remedy: "make one by: (umask 077; openssl rand -hex 32 > FILE)",
  });
}

async function readPrivate(path: string): Promise<Buffer> {
  try {
    await using file = await open(path);
    const facts = await file.stat();
    // What modes say on Windows there is about nobody.
    if (process.platform !== "win32" && facts.isFile() && (facts.mode & 0o077) !== 0) {
      const detail = "other users can read it";
      throw new StoreError("STORE_KEY_UNAVAILABLE", {
        peer: path,
        operation: "read",
        detail,
        remedy: "run chmod 600 on it",
      });
    }
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LIMIT_BYTES));
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const remedy = "name a file that holds the key, 64 hexadecimal digits";
    throw new StoreError("STORE_KEY_UNAVAILABLE", { peer: path, operation: "read", remedy, cause });
  }
}
