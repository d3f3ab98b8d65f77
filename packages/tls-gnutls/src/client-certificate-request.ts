import type { ClientCertificateRequest, KeyType } from "@fairlead/tls";
import { datumBytes, readBytes, readDatumAt } from "./library.ts";

/** A C array: where it is, and how many elements it has. */
export interface NativeArray {
  readonly address: number;
  readonly count: number;
}

/** Copies what GnuTLS's question for a certificate comes with: names of authorities, and algorithms of public keys. */
export function readCertificateRequest(names: NativeArray, algorithms: NativeArray): ClientCertificateRequest {
  const authorities = Array.from({ length: names.count }, (_, index) =>
    readDatumAt(names.address + index * datumBytes),
  );
  const numbers = readBytes(algorithms.address, algorithms.count * intBytes);
  const keyTypes = new Set<KeyType>();
  for (let at = 0; at < numbers.length; at += intBytes) {
    const type = keyTypesByAlgorithm.get(numbers.readInt32LE(at));
    if (type !== undefined) keyTypes.add(type);
  }
  return { authorities, keyTypes: [...keyTypes] };
}

const intBytes = 4;
// GnuTLS, includes/gnutls/gnutls.h: gnutls_pk_algorithm_t
const keyTypesByAlgorithm: ReadonlyMap<number, KeyType> = new Map([
  [1, "rsa"],
  [4, "ec"],
  [7, "ed25519"],
  [12, "ed448"],
]);
