import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import { mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StoreError, UsageError } from "@fairlead/core";
import { rememberHostKey, type RememberedKey } from "./protocol/known-hosts-edit.ts";
import { parseKnownHosts, type KnownHostLine } from "./protocol/known-hosts.ts";

/** Bytes of a file that are read: some hundred thousand hosts. */
const FILE_LIMIT_BYTES = 64 * 1024 * 1024;
/** As long as what the hash gives. RFC 2104 section 3. */
const SALT_BYTES = 20;

/** Hashes a name as OpenSSH does, both sides in base64. */
export function hashHostName(salt: string, name: string): string {
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64");
}

/** Formats the fingerprint of a public key as `ssh-keygen -l` prints it. @param key in base64. */
export function fingerprintOf(key: string): string {
  const hash = createHash("sha256").update(Buffer.from(key, "base64")).digest("base64");
  return `SHA256:${hash.replace(/=+$/, "")}`;
}

/** The files that say which key a host has. */
export class KnownHostsFiles {
  readonly #files: readonly string[];
  #written: Promise<void> = Promise.resolve();

  constructor(files: string | readonly string[]) {
    this.#files = typeof files === "string" ? [files] : files;
  }

  /** Reads all of them anew: whoever edits one need not restart anything. @throws StoreError STORE_OPEN_FAILED */
  async read(): Promise<readonly KnownHostLine[]> {
    const texts = await Promise.all(this.#files.map(readText));
    return texts.flatMap(parseKnownHosts);
  }

  /**
   * Writes a key into the first file, whole or not at all.
   *
   * @throws StoreError STORE_WRITE_FAILED; UsageError OPTION_INVALID where there is no file.
   */
  remember(key: RememberedKey): Promise<void> {
    const [file] = this.#files;
    if (file === undefined) {
      const remedy = "name a file: knownHosts; or remember the key in memory";
      return Promise.reject(new UsageError("OPTION_INVALID", { detail: "no known-hosts file is named", remedy }));
    }
    // One after the other: each begins with what the one before has written.
    const written = this.#written.then(() => write(file, key));
    this.#written = written.catch(() => undefined);
    return written;
  }
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > FILE_LIMIT_BYTES) throw new Error(`it has more than ${String(FILE_LIMIT_BYTES)} bytes`);
    return await readFile(file, "utf8");
  } catch (cause) {
    if (isMissing(cause)) return "";
    throw new StoreError("STORE_OPEN_FAILED", { peer: file, operation: "read", cause });
  }
}

async function write(file: string, key: RememberedKey): Promise<void> {
  const text = await readText(file);
  const edit = rememberHostKey(text, key, hashHostName, randomBytes(SALT_BYTES).toString("base64"));
  if (edit.type === "by-hand") {
    const detail = `line ${String(edit.line)} means this host by a pattern`;
    throw new StoreError("STORE_WRITE_FAILED", { peer: file, operation: "write", detail, remedy: "change it by hand" });
  }
  if (edit.text === text) return;
  try {
    await replace(file, edit.text);
  } catch (cause) {
    throw new StoreError("STORE_WRITE_FAILED", { peer: file, operation: "write", cause });
  }
}

/** Links are followed, permissions of what is replaced are kept. */
async function replace(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const mode = await stat(target).then(
    (facts) => facts.mode & 0o777,
    () => 0o600,
  );
  const draft = join(dirname(target), `.known-hosts.${randomUUID()}.part`);
  try {
    await using handle = await open(draft, "wx", 0o600);
    await handle.writeFile(text);
    await handle.chmod(mode);
    await handle.datasync();
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
