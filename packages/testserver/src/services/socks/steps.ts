import type { Conversation } from "../conversation.ts";
import type { ProxyTarget } from "../proxies/protocol/target.ts";
import { recordAsked } from "../proxies/proxy-record.ts";
import { proxyUser } from "../proxies/guard.ts";
import { addressLength, latin1, readAddress, replies } from "./protocol/messages.ts";

/** What is asked of a SOCKS proxy. */
export interface SocksRequest {
  readonly command: number;
  readonly target: ProxyTarget;
}

/** The client speaks another protocol, or another version. */
export class NotSocks extends Error {}

/** Methods of SOCKS 5. RFC 1928 section 3. */
export const methods = { none: 0, gssapi: 1, password: 2, noneAcceptable: 0xff } as const;

/** Reads which methods a client offers. RFC 1928 section 3. */
export async function takeMethods(conversation: Conversation): Promise<readonly number[]> {
  const [version, count = 0] = await conversation.take(2);
  if (version !== 5) throw new NotSocks("the client does not speak SOCKS 5");
  return [...(await conversation.take(count))];
}

/** Reads name and password, and says whether they are right. RFC 1929. */
export async function takeLogin(conversation: Conversation): Promise<boolean> {
  const [version, nameLength = 0] = await conversation.take(2);
  if (version !== 1) throw new NotSocks("the client's name and password have another version");
  const username = latin1(await conversation.take(nameLength));
  const [passwordLength = 0] = await conversation.take(1);
  const password = latin1(await conversation.take(passwordLength));
  return username === proxyUser.username && password === proxyUser.password;
}

const commandNames: Readonly<Record<number, string>> = { 1: "CONNECT", 2: "BIND", 3: "UDP ASSOCIATE" };

/** Reads what is asked for; `undefined` for a type of address that nobody knows. RFC 1928 section 4. */
export async function takeRequest(conversation: Conversation): Promise<SocksRequest | undefined> {
  const [version, command = 0, , type = 0, first = 0] = await conversation.take(5);
  if (version !== 5) throw new NotSocks("the client's request has another version");
  const length = addressLength(type, first);
  if (length === undefined) return undefined;
  const rest = await conversation.take(length - 1 + 2);
  const bytes = Buffer.concat([Buffer.of(first), rest]);
  const target = { host: readAddress(type, bytes.subarray(0, length)), port: bytes.readUInt16BE(length) };
  record(conversation, command, target);
  return { command, target };
}

/** The longest user name and host name that SOCKS 4 is spoken with here. */
const textLimitBytes = 255;

/** Reads what is asked for in SOCKS 4 or 4a, where `named` says that a name came. */
export async function takeRequest4(conversation: Conversation): Promise<SocksRequest & { readonly named: boolean }> {
  const head = await conversation.take(8);
  if (head[0] !== 4) throw new NotSocks("the client does not speak SOCKS 4");
  await conversation.takeThrough("\0", textLimitBytes);
  const command = head[1] ?? 0;
  const address = head.subarray(4, 8);
  const named = address.readUInt32BE() < 256 && address[3] !== 0;
  const host = named ? latin1(await conversation.takeThrough("\0", textLimitBytes)) : address.join(".");
  const target = { host, port: head.readUInt16BE(2) };
  record(conversation, command, target);
  return { command, target, named };
}

/** A reply that says why there is no way to a target. */
export const failureReplies = {
  "not-allowed": replies.notAllowed,
  refused: replies.refused,
  unreachable: replies.hostUnreachable,
} as const;

function record({ network, self, connection }: Conversation, command: number, { host, port }: ProxyTarget): void {
  const method = commandNames[command] ?? `command ${command}`;
  const printable = host.replace(/[^\x20-\x7e]/g, "?");
  recordAsked(network, self, { connection: connection.number, method, target: `${printable}:${port}` });
}
