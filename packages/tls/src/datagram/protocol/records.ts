/**
 * Cuts a run of DTLS records into datagrams of whole records, as few as fit. A record that is larger than the MTU goes
 * alone.
 *
 * @see RFC 6347 section 4.1.1
 */
export function packRecords(records: Uint8Array, mtu: number): readonly Uint8Array[] {
  const datagrams: Uint8Array[] = [];
  let start = 0;
  for (let at = 0; at < records.length; ) {
    const end = recordEnd(records, at);
    if (end - start > mtu && at > start) {
      datagrams.push(records.subarray(start, at));
      start = at;
    }
    at = end;
  }
  if (start < records.length) datagrams.push(records.subarray(start));
  return datagrams;
}

/**
 * Leaves of a datagram what may reach an established session: records of a later epoch than the first, with room for
 * what protects them. (OpenSSL takes a record that is too short for its tag for a reason to end the session, and anybody
 * can send one.) What is in the clear can be anybody's, alerts first of all, with one exception: ChangeCipherSpec, by
 * which GnuTLS knows that the peer has not heard its last flight. It can do no more than have that repeated.
 *
 * @see RFC 6347 sections 4.1.2.7 and 4.2.4
 */
export function establishedRecords(datagram: Uint8Array, overheadBytes: number): Uint8Array {
  const admitted: Uint8Array[] = [];
  for (let at = 0; at + recordHeader <= datagram.length; ) {
    const end = recordEnd(datagram, at);
    if (end > datagram.length) break;
    const length = end - at - recordHeader;
    const inTheClear = datagram[at + 3] === 0 && datagram[at + 4] === 0;
    const isChange = datagram[at] === changeCipherSpec && length === 1 && datagram[at + recordHeader] === 1;
    if (inTheClear ? isChange : length >= overheadBytes) admitted.push(datagram.subarray(at, end));
    at = end;
  }
  const [first] = admitted;
  return admitted.length === 1 && first !== undefined ? first : join(admitted);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function recordEnd(bytes: Uint8Array, at: number): number {
  return at + recordHeader + (bytes[at + 11] ?? 0) * 256 + (bytes[at + 12] ?? 0);
}

/** Bytes before the protected part of a record. */
export const recordHeader = 13;
const changeCipherSpec = 20;
