import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Certificates } from "../certificates.ts";

/** Certificates as files, for programs that read them. */
export interface PeerFiles extends AsyncDisposable {
  /** The good identity: leaf and intermediate. */
  readonly certificate: string;
  /** The intermediate alone: openssl takes the leaf only of a certificate file. */
  readonly intermediates: string;
  readonly privateKey: string;
  readonly anchor: string;
  /** Where a program may write its session to. */
  readonly session: string;
}

/** Writes them to a directory of their own; disposing removes it. */
export async function writePeerFiles({ good, trust }: Certificates): Promise<PeerFiles> {
  const directory = await mkdtemp(join(tmpdir(), "fairlead-peer-"));
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  return {
    certificate: await write("certificate.pem", good.certificate),
    intermediates: await write("intermediates.pem", good.certificate.slice(good.leaf.length)),
    privateKey: await write("key.pem", good.privateKey),
    anchor: await write("anchor.pem", trust.type === "anchors" ? trust.certificates.join("\n") : ""),
    session: join(directory, "session.pem"),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}
