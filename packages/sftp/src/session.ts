import { FileError, ProtocolError } from "@fairlead/core";
import type { SFTPWrapper, Stats } from "ssh2";
import { fileKind, type FileAttributes } from "./protocol/file-attributes.ts";

/** An open file or directory of the server. */
export type Handle = Buffer;

/** One name of a directory. */
export interface DirectoryEntry {
  readonly name: string;
  readonly attributes: FileAttributes;
}

/** How the library answers: with an error, or with what was asked for. */
type Done<Answer> = (error: Error | null | undefined, answer?: Answer) => void;

/** What is done, for messages. */
type Operation = "open" | "read" | "write" | "list" | "remove" | "rename" | "close" | "resolve" | "examine";

interface Asking<Answer> {
  readonly signal?: AbortSignal | undefined;
  /** Takes an answer that comes when nobody waits any more. */
  readonly late?: (answer: Answer) => void;
  /** Whether nobody waits from the beginning. */
  readonly isAbandoned?: boolean;
}

/** draft-ietf-secsh-filexfer-02 section 7. */
const STATUS_EOF = 1;
const STATUS_NO_SUCH_FILE = 2;
const STATUS_PERMISSION_DENIED = 3;

/** For how long what nobody waits for any more may stay unanswered before the server counts as stuck. */
const ABANDONED_MILLISECONDS = 10_000;

/**
 * The operations of SFTP on one connection, each with a signal, a name and an end: an operation that the connection does
 * not survive ends with what it was lost to.
 *
 * @see draft-ietf-secsh-filexfer-02
 */
export class SftpSession {
  readonly #sftp: SFTPWrapper;
  readonly #peer: string;
  readonly #onStuck: () => void;
  readonly #waiting = new Set<(error: Error) => void>();
  #loss: Error | undefined;
  #answers = 0;

  /** @param onStuck is called when an operation that was given up is not answered at all. */
  constructor(sftp: SFTPWrapper, peer: string, onStuck: () => void) {
    this.#sftp = sftp;
    this.#peer = peer;
    this.#onStuck = onStuck;
  }

  /** Answers so far: a connection on which they grow is alive. */
  get answers(): number {
    return this.#answers;
  }

  /** Ends all operations that wait, and all that come. */
  lose(error: Error): void {
    this.#loss ??= error;
    for (const fail of this.#waiting) fail(this.#loss);
    this.#waiting.clear();
  }

  async stat(path: string, signal?: AbortSignal): Promise<FileAttributes> {
    return attributesOf(await this.#ask<Stats>("examine", (done) => this.#sftp.stat(path, done), { signal }));
  }

  async lstat(path: string, signal?: AbortSignal): Promise<FileAttributes> {
    return attributesOf(await this.#ask<Stats>("examine", (done) => this.#sftp.lstat(path, done), { signal }));
  }

  async fstat(handle: Handle, signal?: AbortSignal): Promise<FileAttributes> {
    return attributesOf(await this.#ask<Stats>("examine", (done) => this.#sftp.fstat(handle, done), { signal }));
  }

  realpath(path: string, signal?: AbortSignal): Promise<string> {
    return this.#ask<string>("resolve", (done) => this.#sftp.realpath(path, done), { signal });
  }

  /**
   * @param flags `r`, or `wx` for a file that must not be there yet.
   * @param permissions of a new file; the server may take some away.
   */
  open(path: string, flags: "r" | "wx", signal: AbortSignal, permissions?: number): Promise<Handle> {
    const late = (handle: Handle): void => this.closeSoon(handle);
    const attributes = permissions === undefined ? {} : { mode: permissions };
    return this.#ask<Handle>("open", (done) => this.#sftp.open(path, flags, attributes, done), { signal, late });
  }

  opendir(path: string, signal: AbortSignal): Promise<Handle> {
    const late = (handle: Handle): void => this.closeSoon(handle);
    return this.#ask<Handle>("open", (done) => this.#sftp.opendir(path, done), { signal, late });
  }

  /** The next names of a directory, without `.` and `..`; `undefined` after the last. */
  async readdir(handle: Handle, signal: AbortSignal): Promise<readonly DirectoryEntry[] | undefined> {
    type Names = readonly { filename: string; attrs: Stats }[] | undefined;
    const readNext = (done: Done<Names>): void => {
      this.#sftp.readdir(handle, (error, list) => {
        if (codeOf(error) === STATUS_EOF) done(undefined, undefined);
        else done(error, list);
      });
    };
    const entries = await this.#ask<Names>("list", readNext, { signal });
    return entries?.map(({ filename, attrs }) => ({ name: filename, attributes: attributesOf(attrs) }));
  }

  /** Reads into a buffer. @returns how many bytes came, fewer than fit where the server likes; 0 at the end. */
  read(handle: Handle, buffer: Buffer, position: number): Promise<number> {
    const put = (done: Done<number>): void => {
      this.#sftp.read(handle, buffer, 0, buffer.length, position, done);
    };
    return this.#ask<number>("read", put, {});
  }

  /** Writes a buffer whole, which is copied before this returns. */
  write(handle: Handle, bytes: Buffer, position: number): Promise<void> {
    return this.#do("write", (done) => this.#sftp.write(handle, bytes, 0, bytes.length, position, done), {});
  }

  chmod(handle: Handle, mode: number, signal: AbortSignal): Promise<void> {
    return this.#do("write", (done) => this.#sftp.fchmod(handle, mode, done), { signal });
  }

  unlink(path: string, signal?: AbortSignal): Promise<void> {
    return this.#do("remove", (done) => this.#sftp.unlink(path, done), { signal });
  }

  /** Renames; what has the new name already stays, and the operation fails. */
  rename(from: string, to: string, signal: AbortSignal): Promise<void> {
    return this.#do("rename", (done) => this.#sftp.rename(from, to, done), { signal });
  }

  /** Puts a file in the place of another at once. An extension of OpenSSH; fails where the server has it not. */
  replace(from: string, to: string, signal: AbortSignal): Promise<void> {
    return this.#do("rename", (done) => this.#sftp.ext_openssh_rename(from, to, done), { signal });
  }

  close(handle: Handle, signal: AbortSignal): Promise<void> {
    return this.#do("close", (done) => this.#sftp.close(handle, done), { signal });
  }

  /** Closes what nobody waits for any more. */
  closeSoon(handle: Handle): void {
    this.#do("close", (done) => this.#sftp.close(handle, done), { isAbandoned: true }).catch(() => undefined);
  }

  async #do(operation: Operation, put: (done: Done<never>) => void, asking: Asking<never>): Promise<void> {
    await this.#ask<never>(operation, put, asking);
  }

  async #ask<Answer>(operation: Operation, put: (done: Done<Answer>) => void, asking: Asking<Answer>): Promise<Answer> {
    const { signal, late, isAbandoned = false } = asking;
    if (this.#loss !== undefined) throw this.#loss;
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    let stuck: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      stuck = setTimeout(this.#onStuck, ABANDONED_MILLISECONDS).unref();
      reject(signal?.reason as Error);
    };
    const end = (): void => {
      clearTimeout(stuck);
      this.#waiting.delete(fail);
      signal?.removeEventListener("abort", onAbort);
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
    };
    this.#waiting.add(fail);
    signal?.addEventListener("abort", onAbort);
    try {
      put((error, answer) => {
        if (error && codeOf(error) === undefined) {
          // The library's own: of the end of the channel it tells here first, and of why just afterwards.
          setImmediate(() => {
            fail(this.#loss ?? this.#named(error, operation));
          });
          return;
        }
        this.#answers += 1;
        end();
        if (error) reject(this.#named(error, operation));
        else if (signal?.aborted === true) late?.(answer as Answer);
        else resolve(answer as Answer);
      });
      if (isAbandoned) onAbort();
    } catch (cause) {
      fail(this.#named(cause, operation));
    }
    return promise;
  }

  #named(cause: unknown, operation: Operation): Error {
    const facts = { peer: this.#peer, operation, cause };
    switch (codeOf(cause)) {
      case STATUS_NO_SUCH_FILE:
        return new FileError("FILE_NOT_FOUND", facts);
      case STATUS_PERMISSION_DENIED: {
        const remedy = "ask for permission on the server, or use another user";
        return new FileError("FILE_ACCESS_DENIED", { ...facts, remedy });
      }
      default:
        return new ProtocolError("SFTP_FAILED", {
          ...facts,
          detail: cause instanceof Error ? cause.message : undefined,
        });
    }
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** A server need not send any of them. */
function attributesOf({ mode, size, mtime }: Partial<Stats>): FileAttributes {
  const permissions = mode === undefined ? undefined : mode & 0o777;
  return { kind: fileKind(mode), sizeBytes: size ?? 0, modifiedSeconds: mtime, permissions };
}
