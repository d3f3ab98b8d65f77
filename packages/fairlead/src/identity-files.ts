import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { TlsIdentity } from "@fairlead/tls";
import { FileError } from "./file-error.ts";

/** Where a certificate and its key are. */
export interface IdentityFiles {
  readonly certificate: string;
  readonly privateKey: string;
}

const pemPrivateKey = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----.*?-----END \1PRIVATE KEY-----/s;

/**
 * Reads a certificate, its chain and its key from PEM files, which may be one.
 *
 * @throws FileError when one cannot be read, holds none, or the key is encrypted or another certificate's.
 */
export async function readIdentityFiles(files: IdentityFiles): Promise<TlsIdentity> {
  const certificate = await read(files.certificate);
  const leaf = certificateIn(certificate, files.certificate);
  const [privateKey] = pemPrivateKey.exec(await read(files.privateKey)) ?? [];
  if (privateKey === undefined)
    throw new FileError(`read ${files.privateKey}`, "it holds no private key in PEM format");
  if (!leaf.checkPrivateKey(keyIn(privateKey, files.privateKey))) {
    throw new FileError(`read ${files.privateKey}`, `its private key is not that of ${files.certificate}`);
  }
  return { certificate, privateKey };
}

async function read(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new FileError(`read ${file}`, cause);
  });
}

function certificateIn(text: string, file: string): X509Certificate {
  if (!text.includes("-----BEGIN CERTIFICATE-----")) {
    throw new FileError(`read ${file}`, "it holds no certificate in PEM format");
  }
  try {
    return new X509Certificate(text);
  } catch {
    throw new FileError(`read ${file}`, "its certificate is damaged");
  }
}

/** What OpenSSL says of a key that it cannot read stays here. */
function keyIn(pem: string, file: string): KeyObject {
  // RFC 7468 section 11; RFC 1421 section 4.6.1.1 for what OpenSSL wrote before.
  if (/BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    throw new FileError(`read ${file}`, "its private key is encrypted: give one that is not");
  }
  try {
    return createPrivateKey(pem);
  } catch {
    throw new FileError(`read ${file}`, "its private key is damaged");
  }
}
