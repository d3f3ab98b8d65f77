import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import { md4 } from "@fairlead/http/ntlm";
import { type ProxyGuard, proxyUser } from "./guard.ts";

/** What a connection has shown so far. */
type Progress = { readonly type: "challenged"; readonly challenge: Buffer } | { readonly type: "authenticated" };

const signature = Buffer.from("NTLMSSP\0", "latin1");
const domain = utf16("TEST");

/**
 * Lets pass a connection on which somebody proved to know the password, in NTLMv2: everything on it, from then on.
 *
 * @see MS-NLMP sections 2.2.1 and 3.3.2
 */
export function guardByNtlm(): ProxyGuard {
  const connections = new WeakMap<Socket, Progress>();
  return ({ socket, headers }) => {
    const progress = connections.get(socket);
    if (progress?.type === "authenticated") return { type: "admitted" };
    const [, text = ""] = /^ntlm +([\w+/]+=*)$/i.exec(headers["proxy-authorization"] ?? "") ?? [];
    const message = Buffer.from(text, "base64");
    const isMessage = message.length >= 12 && message.subarray(0, 8).equals(signature);
    const kind = isMessage ? message.readUInt32LE(8) : 0;
    if (kind === 1) {
      const challenge = randomBytes(8);
      connections.set(socket, { type: "challenged", challenge });
      return { type: "challenged", challenges: [`NTLM ${challengeMessage(challenge).toString("base64")}`] };
    }
    connections.delete(socket);
    if (kind === 3 && progress?.type === "challenged" && isProof(message, progress.challenge)) {
      connections.set(socket, { type: "authenticated" });
      return { type: "admitted" };
    }
    return { type: "challenged", challenges: ["NTLM"] };
  };
}

/** Unicode, a target of the kind domain, NTLM, extended session security, target information, 128 bits. */
const flags = 0x00000001 | 0x00000004 | 0x00000200 | 0x00008000 | 0x00010000 | 0x00080000 | 0x00800000 | 0x20000000;

/** MS-NLMP section 2.2.1.2. */
function challengeMessage(challenge: Buffer): Buffer {
  const information = Buffer.concat([pair(2, domain), pair(1, utf16("PROXY")), pair(0, Buffer.alloc(0))]);
  const head = Buffer.alloc(56);
  signature.copy(head);
  head.writeUInt32LE(2, 8);
  field(head, 12, domain.length, head.length);
  head.writeUInt32LE(flags >>> 0, 20);
  challenge.copy(head, 24);
  field(head, 40, information.length, head.length + domain.length);
  return Buffer.concat([head, domain, information]);
}

/** MS-NLMP section 3.3.2. */
function isProof(message: Buffer, challenge: Buffer): boolean {
  const response = payload(message, 20);
  const clientDomain = payload(message, 28);
  const username = payload(message, 36);
  if (response === undefined || clientDomain === undefined || username === undefined) return false;
  if (response.length < 44 || !username.equals(utf16(proxyUser.username))) return false;
  const hash = Buffer.from(md4(utf16(proxyUser.password)));
  const key = hmac(hash, Buffer.concat([utf16(proxyUser.username.toUpperCase()), clientDomain]));
  const expected = hmac(key, Buffer.concat([challenge, response.subarray(16)]));
  return timingSafeEqual(expected, response.subarray(0, 16));
}

function payload(message: Buffer, at: number): Buffer | undefined {
  if (message.length < at + 8) return undefined;
  const start = message.readUInt32LE(at + 4);
  const end = start + message.readUInt16LE(at);
  return end > message.length ? undefined : message.subarray(start, end);
}

function field(head: Buffer, at: number, length: number, offset: number): void {
  head.writeUInt16LE(length, at);
  head.writeUInt16LE(length, at + 2);
  head.writeUInt32LE(offset, at + 4);
}

function pair(id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}

function utf16(text: string): Buffer {
  return Buffer.from(text, "utf16le");
}

function hmac(key: Buffer, bytes: Buffer): Buffer {
  return createHmac("md5", key).update(bytes).digest();
}
