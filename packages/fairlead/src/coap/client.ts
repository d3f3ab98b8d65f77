import { readFile } from "node:fs/promises";
import type { TlsSettings } from "@fairlead/access";
import { type CoapClient, coapClient, type OnPreSharedKey } from "@fairlead/iot/coap";
import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { FileError } from "../file-error.ts";
import { loadTlsBackend, tlsBackendName } from "../get/tls-backend.ts";
import { readTrustAnchors } from "../get/trust-anchors.ts";
import { readIdentityFiles } from "../identity-files.ts";
import { defaultStoreUrl } from "../state-directory.ts";
import { chooseKey } from "../store/key-place.ts";
import { openChosen } from "../store/open.ts";
import { printable } from "../terminal/printable.ts";
import { askSecret, canAsk } from "../terminal/question.ts";

/** Options of who asks that say who is who. */
export const securityOptions = {
  "psk-identity": { type: "value" },
  "psk-file": { type: "value" },
  cacert: { type: "value" },
  cert: { type: "value" },
  key: { type: "value" },
  "tls-backend": { type: "value" },
  store: { type: "value" },
  "store-key": { type: "value" },
} as const;

/** What was given of them. */
export type ClientSecurity = Readonly<Partial<Record<keyof typeof securityOptions, string | undefined>>>;

/** Those that stand for all of them: the others need one of these. */
export const securityNames = ["psk-identity", "cacert", "cert", "tls-backend", "store", "store-key"] as const;

/** A client, which ends with what it stands on. */
export interface CommandClient extends AsyncDisposable {
  readonly client: CoapClient;
}

/**
 * Opens a client. What is secured, or goes over a WebSocket, goes by a manager, with the store of the user; nothing of that is
 * loaded for another URL.
 *
 * @throws ArgumentsError for options that do not go together; FileError; StoreError.
 */
export async function openClient(
  url: string,
  security: ClientSecurity,
  surroundings: Surroundings,
): Promise<CommandClient> {
  const { "psk-identity": identity, "psk-file": file, cert, key = cert } = security;
  if (file !== undefined && identity === undefined) throw new ArgumentsError("--psk-file needs --psk-identity");
  if (key !== undefined && cert === undefined) throw new ArgumentsError("--key needs --cert");
  if (!/^coap(?:s|s\+tcp|s?\+ws):/i.test(url)) {
    const surplus = securityNames.find((name) => security[name] !== undefined);
    if (surplus !== undefined) throw new ArgumentsError(`--${surplus} needs a URL of coaps:, coaps+tcp: or coaps+ws:`);
    const client = coapClient();
    return { client, [Symbol.asyncDispose]: () => client.close() };
  }
  const { env } = surroundings;
  const { store: storeUrl = defaultStoreUrl(env), "store-key": place } = security;
  const tls = await tlsSettings(security);
  const { openNetworkAccessManager } = await import("@fairlead/access");
  const store = await openChosen({ url: storeUrl, key: chooseKey("--store-key", place, env) }, surroundings);
  try {
    const manager = await openNetworkAccessManager({ store, tls });
    const onPreSharedKey = identity === undefined ? undefined : keyOf(identity, file, surroundings);
    const client = coapClient({ manager, onPreSharedKey });
    return {
      client,
      async [Symbol.asyncDispose]() {
        await client.close();
        // Not `close()`, which waits for what is under way.
        await manager.destroy();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function tlsSettings({ cacert, cert, key = cert, "tls-backend": name }: ClientSecurity): Promise<TlsSettings> {
  const backend = name === undefined ? undefined : tlsBackendName(name);
  return {
    ...(cacert !== undefined && { trust: await readTrustAnchors(cacert) }),
    ...(cert !== undefined &&
      key !== undefined && { identity: await readIdentityFiles({ certificate: cert, privateKey: key }) }),
    ...(backend !== undefined && { backend: await loadTlsBackend(backend) }),
    // Node.js has no DTLS of its own.
    datagrams: () => loadTlsBackend(backend === "gnutls" ? "gnutls" : "openssl"),
  };
}

/** A key is in a file or in somebody's mind; on the command line everybody who lists processes would read it. */
function keyOf(identity: string, file: string | undefined, surroundings: Surroundings): OnPreSharedKey {
  return async ({ peer }) => {
    if (file !== undefined) return { identity, key: await readKey(file) };
    if (!canAsk(surroundings)) throw new ArgumentsError("without a terminal --psk-identity needs --psk-file");
    const question = `Key of ${printable(identity)} for ${printable(peer)}, in hexadecimal: `;
    const typed = (await askSecret(question, surroundings)) ?? "";
    if (!/^(?:[\da-f]{2})+$/i.test(typed))
      throw new ArgumentsError("a key is typed in hexadecimal, two digits for each byte");
    return { identity, key: Buffer.from(typed, "hex") };
  };
}

/** Reads a key: all bytes of the file. @throws FileError */
export async function readKey(file: string): Promise<Uint8Array> {
  const key = await readFile(file).catch((cause: unknown) => {
    throw new FileError(`read ${file}`, cause);
  });
  if (key.length === 0) throw new FileError(`read ${file}`, "it is empty, and no key");
  return key;
}
