import { crc32c } from "./crc32c.ts";
import type { ProxyHead, ProxyTls } from "./head.ts";

/** Values by type; of one that is repeated, the first. */
export type TypeLengthValues = ReadonlyMap<number, Uint8Array>;

type Reading =
  | { readonly type: "values"; readonly values: TypeLengthValues }
  | { readonly type: "invalid"; readonly detail: string };

/** Reads what follows the addresses in a whole head, and checks the checksum where there is one. Section 2.2.7. */
export function readTypeLengthValues(head: Uint8Array, start: number): Reading {
  const values = split(head.subarray(start));
  if (values === undefined) return { type: "invalid", detail: "a value that is cut short" };
  const checksum = values.get(types.crc32c);
  if (checksum !== undefined && !isRight(checksum, head)) return { type: "invalid", detail: "a wrong checksum" };
  return { type: "values", values };
}

/** What a head says beside the addresses. */
export function factsOf(values: TypeLengthValues): Pick<ProxyHead, "tls" | "alpnProtocol" | "authority" | "uniqueId"> {
  const uniqueId = values.get(types.uniqueId);
  return {
    tls: tlsOf(values.get(types.ssl)),
    alpnProtocol: text(values.get(types.alpn)),
    authority: text(values.get(types.authority)),
    uniqueId: uniqueId && Uint8Array.from(uniqueId.subarray(0, 128)),
  };
}

/** Section 2.2: the types that are registered, as far as they are read. */
export const types = {
  alpn: 0x01,
  authority: 0x02,
  crc32c: 0x03,
  uniqueId: 0x05,
  ssl: 0x20,
  sslVersion: 0x21,
  sslCommonName: 0x22,
  sslCipher: 0x23,
} as const;

/** Bits of the first byte of the value about TLS. Section 2.2.6. */
export const clientBits = { tls: 1, certificateOnConnection: 2, certificateInSession: 4 } as const;

function split(bytes: Uint8Array): TypeLengthValues | undefined {
  const values = new Map<number, Uint8Array>();
  let at = 0;
  while (at < bytes.length) {
    const [type = 0, high = 0, low = 0] = bytes.subarray(at, at + 3);
    const end = at + 3 + ((high << 8) | low);
    if (at + 3 > bytes.length || end > bytes.length) return undefined;
    if (!values.has(type)) values.set(type, bytes.subarray(at + 3, end));
    at = end;
  }
  return values;
}

/** It is computed with itself as zeros. */
function isRight(checksum: Uint8Array, head: Uint8Array): boolean {
  if (checksum.length !== 4) return false;
  const zeroed = Uint8Array.from(head);
  zeroed.fill(0, checksum.byteOffset - head.byteOffset, checksum.byteOffset - head.byteOffset + 4);
  return new DataView(checksum.buffer, checksum.byteOffset, 4).getUint32(0) === crc32c(zeroed);
}

function tlsOf(value: Uint8Array | undefined): ProxyTls | undefined {
  const [bits = 0] = value ?? [];
  if (value === undefined || value.length < 5 || (bits & clientBits.tls) === 0) return undefined;
  const hasCertificate = (bits & (clientBits.certificateOnConnection | clientBits.certificateInSession)) !== 0;
  const verdict = new DataView(value.buffer, value.byteOffset, 5).getUint32(1);
  const more = split(value.subarray(5));
  return {
    protocol: text(more?.get(types.sslVersion)),
    cipher: text(more?.get(types.sslCipher)),
    isClientVerified: hasCertificate && verdict === 0,
    clientCommonName: utf8(more?.get(types.sslCommonName)),
  };
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && String.fromCharCode(...bytes.subarray(0, maxTextBytes));
}

/** Longer ones are cut. A host name has 253. */
const maxTextBytes = 1_024;

function utf8(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes.subarray(0, maxTextBytes));
}
