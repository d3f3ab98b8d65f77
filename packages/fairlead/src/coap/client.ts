import { readFile } from "node:fs/promises";
import { type CoapClient, coapClient, type OnPreSharedKey } from "@fairlead/iot/coap";
import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { FileError } from "../file-error.ts";
import { loadTlsBackend } from "../get/tls-backend.ts";
import { readTrustAnchors } from "../get/trust-anchors.ts";
import { printable } from "../terminal/printable.ts";
import { askSecret, canAsk } from "../terminal/question.ts";

/** What says who is who. */
export interface ClientSecurity {
  readonly "psk-identity"?: string | undefined;
  readonly "psk-file"?: string | undefined;
  readonly cacert?: string | undefined;
}

/**
 * Opens a client. What secures it is loaded for a URL that is secured, and for no other.
 *
 * @throws ArgumentsError for options that do not go together; FileError.
 */
export async function openClient(
  url: string,
  security: ClientSecurity,
  surroundings: Surroundings,
): Promise<CoapClient> {
  const { "psk-identity": identity, "psk-file": file, cacert } = security;
  if (file !== undefined && identity === undefined) throw new ArgumentsError("--psk-file needs --psk-identity");
  if (!/^coaps(?:\+tcp)?:/i.test(url)) {
    const surplus = identity !== undefined ? "psk-identity" : cacert === undefined ? undefined : "cacert";
    if (surplus !== undefined) throw new ArgumentsError(`--${surplus} needs a URL of coaps: or coaps+tcp:`);
    return coapClient();
  }
  const trust = cacert === undefined ? undefined : await readTrustAnchors(cacert);
  const backend = await loadTlsBackend("openssl");
  return coapClient({
    dtls: { backend, trust },
    stream: { tls: { backend, trust } },
    onPreSharedKey: identity === undefined ? undefined : keyOf(identity, file, surroundings),
  });
}

/** A key is in a file or in somebody's mind; on the command line everybody who lists processes would read it. */
function keyOf(identity: string, file: string | undefined, surroundings: Surroundings): OnPreSharedKey {
  return async ({ peer }) => {
    if (file !== undefined) {
      const key = await readFile(file).catch((cause: unknown) => {
        throw new FileError(`read ${file}`, cause);
      });
      return { identity, key };
    }
    if (!canAsk(surroundings)) throw new ArgumentsError("without a terminal --psk-identity needs --psk-file");
    const question = `Key of ${printable(identity)} for ${printable(peer)}, in hexadecimal: `;
    const typed = (await askSecret(question, surroundings)) ?? "";
    if (!/^(?:[\da-f]{2})+$/i.test(typed))
      throw new ArgumentsError("a key is typed in hexadecimal, two digits for each byte");
    return { identity, key: Buffer.from(typed, "hex") };
  };
}
