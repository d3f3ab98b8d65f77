import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FileError } from "@fairlead/core";
import type { IdentityQuestion, TlsIdentity } from "@fairlead/tls";

/** Where a server's certificate is. */
export interface IdentityFiles {
  /** PEM, leaf first, then its intermediates. */
  readonly certificate: string;
  /** PEM; it may be the same file. */
  readonly privateKey: string;
}

/** A certificate that is read again when it was renewed. */
export interface ReloadableIdentity {
  /** For `tls.identity`: the one that was read last. */
  readonly identity: IdentityQuestion;
  /**
   * Reads the files again, for connections that begin from then on. When that fails, or the key is not that of the
   * certificate because only one file is there yet, the old ones stay.
   *
   * @throws FileError FILE_NOT_FOUND, FILE_ACCESS_DENIED or FILE_IO_FAILED, with the path.
   */
  reload(): Promise<void>;
}

/**
 * Reads a certificate and its key from files, and again whenever `reload` is called: on a signal, or by whoever renews it.
 *
 * @throws FileError as `reload`.
 *
 * @example
 * const files = await reloadIdentity({ certificate: "/etc/tls/a.pem", privateKey: "/etc/tls/a.key" });
 * process.on("SIGHUP", () => void files.reload());
 */
export async function reloadIdentity(files: IdentityFiles): Promise<ReloadableIdentity> {
  let current = await readIdentity(files);
  return {
    identity: () => current,
    async reload() {
      current = await readIdentity(files);
    },
  };
}

async function readIdentity(files: IdentityFiles): Promise<TlsIdentity> {
  const [certificate, privateKey] = await Promise.all([read(files.certificate), read(files.privateKey)]);
  try {
    if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey)))
      return { certificate, privateKey };
  } catch (cause) {
    throw unusable(files, cause);
  }
  throw unusable(files, undefined);
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    const known = code === "ENOENT" ? "FILE_NOT_FOUND" : code === "EACCES" ? "FILE_ACCESS_DENIED" : "FILE_IO_FAILED";
    throw new FileError(known, { peer: path, operation: "read", cause });
  }
}

/** What OpenSSL says of a key tells nothing of it. */
function unusable({ certificate, privateKey }: IdentityFiles, cause: unknown): FileError {
  const detail = `no certificate with its private key: ${certificate}, ${privateKey}`;
  const remedy = "give a certificate and its own key as PEM, and write both before they are read again";
  return new FileError("FILE_IO_FAILED", { peer: privateKey, operation: "read", detail, remedy, cause });
}
