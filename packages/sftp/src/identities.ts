import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { AuthenticationError } from "@fairlead/core";
import type { OpenSSHAgent, ParsedKey } from "ssh2";
import type { SftpAgent, SftpKey } from "./options.ts";
import type { Ssh } from "./ssh.ts";

/** One key that can prove who the user is. */
export interface Identity {
  readonly publicKey: ParsedKey;
  sign(data: Buffer, hash: string | undefined): Promise<Buffer>;
}

/** Asks for the passphrase of a key; `undefined` when there is none. @param round how often it was wrong. */
export type AskPassphrase = (file: string, round: number) => Promise<string | undefined>;

/** Keys of an agent that are tried: a server that allows six tries is not asked thirty times. */
const AGENT_KEYS_LIMIT = 16;
const PASSPHRASES_LIMIT = 3;
const KEY_LIMIT_BYTES = 1024 * 1024;

/** Keys that are used one after the other, each read only when those before it were not good enough. */
export interface IdentitySource {
  /** @throws AuthenticationError PRIVATE_KEY_UNREADABLE, or the signal's reason. */
  load(ssh: Ssh, signal: AbortSignal, ask: AskPassphrase): Promise<readonly Identity[]>;
}

/** Names the places of keys in the order in which they are tried: those of the agent first. */
export function identitySources(agent: SftpAgent | undefined, keys: readonly SftpKey[]): readonly IdentitySource[] {
  const socket = agent === "environment" ? process.env["SSH_AUTH_SOCK"] : agent?.socket;
  const ofAgent = (path: string): IdentitySource => ({ load: (ssh, signal) => agentIdentities(ssh, path, signal) });
  return [
    ...(socket === undefined || socket === "" ? [] : [ofAgent(socket)]),
    ...keys.map((key): IdentitySource => ({ load: (ssh, _signal, ask) => keyIdentities(ssh, key, ask) })),
  ];
}

/** An agent that cannot be reached has no keys. Its sockets end with the signal. */
async function agentIdentities(ssh: Ssh, path: string, signal: AbortSignal): Promise<readonly Identity[]> {
  const agent = new ssh.OpenSSHAgent(path);
  endWith(agent, signal);
  const { promise, resolve } = Promise.withResolvers<readonly ParsedKey[]>();
  agent.getIdentities((error, keys) => {
    resolve(error ? [] : (keys ?? []).map((key) => ("pubKey" in key ? (key.pubKey as ParsedKey) : key)));
  });
  const keys = await promise;
  signal.throwIfAborted();
  return keys.slice(0, AGENT_KEYS_LIMIT).map((publicKey) => ({
    publicKey,
    sign: (data, hash) => signByAgent(agent, publicKey, data, hash),
  }));
}

function signByAgent(agent: OpenSSHAgent, key: ParsedKey, data: Buffer, hash: string | undefined): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  // The type knows the two hashes of RFC 8332 only, and no other gets here.
  agent.sign(key, data, hash === undefined ? {} : { hash: hash as "sha256" | "sha512" }, (error, signature) => {
    if (signature === undefined) reject(error ?? new Error("the agent gave no signature"));
    else resolve(signature);
  });
  return promise;
}

/** The library opens a socket for each question, and lets it wait for ever. */
function endWith(agent: OpenSSHAgent, signal: AbortSignal): void {
  const open = agent.getStream.bind(agent);
  agent.getStream = (callback): void => {
    open((error, stream) => {
      const socket = stream as Socket | undefined;
      const end = (): void => {
        socket?.destroy();
      };
      signal.addEventListener("abort", end);
      socket?.once("close", () => signal.removeEventListener("abort", end));
      callback(error, stream);
      if (signal.aborted) end();
    });
  };
}

async function keyIdentities(ssh: Ssh, key: SftpKey, ask: AskPassphrase): Promise<readonly Identity[]> {
  const name = "file" in key ? key.file : "the private key";
  const bytes = "file" in key ? await readKey(key.file) : Buffer.from(key.privateKey);
  const privateKey = await parse(ssh, bytes, key.passphrase, name, ask);
  if (privateKey === undefined) return [];
  const sign = async (data: Buffer, hash: string | undefined): Promise<Buffer> => {
    const signature: Buffer | Error = privateKey.sign(data, hash);
    if (signature instanceof Error) throw unreadable(name, "it cannot sign");
    return signature;
  };
  return [{ publicKey: privateKey, sign }];
}

/** What the library says of a key that it cannot read stays here. */
async function parse(
  ssh: Ssh,
  bytes: Buffer,
  given: string | undefined,
  name: string,
  ask: AskPassphrase,
): Promise<ParsedKey | undefined> {
  let passphrase = given;
  for (let round = 0; ; round += 1) {
    // A file of several keys is read as a list, whatever the types say.
    const [key] = [ssh.utils.parseKey(bytes, passphrase)].flat();
    if (key !== undefined && !(key instanceof Error)) {
      if (key.isPrivateKey()) return key;
      throw unreadable(name, "it is a public key");
    }
    const isEncrypted = passphrase !== undefined || /encrypted/i.test(key?.message ?? "");
    if (!isEncrypted) throw unreadable(name, "it is damaged, or of a format that is not known");
    if (given !== undefined || round >= PASSPHRASES_LIMIT) throw unreadable(name, "the passphrase is wrong");
    passphrase = await ask(name, round);
    if (passphrase === undefined) return undefined;
  }
}

async function readKey(file: string): Promise<Buffer> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AuthenticationError("PRIVATE_KEY_UNREADABLE", { peer: file, operation: "read", cause });
  });
  if (bytes.length > KEY_LIMIT_BYTES) throw unreadable(file, "it is too long");
  return bytes;
}

function unreadable(name: string, detail: string): AuthenticationError {
  return new AuthenticationError("PRIVATE_KEY_UNREADABLE", { peer: name, operation: "read", detail });
}
