/**
 * What a server reads of a ClientHello before it keeps anything.
 *
 * @see RFC 6347 section 4.2.1; RFC 5246 section 7.4.1.2
 */
export interface ClientHello {
  /** Of the record; the answer repeats it. */
  readonly recordSequence: bigint;
  readonly messageSequence: number;
  /** 32 bytes: a second ClientHello with the same is the same client, or a copy of what it sent. */
  readonly random: Uint8Array;
  /** Empty in a first ClientHello. */
  readonly cookie: Uint8Array;
  /** What has to be the same in both ClientHellos: version, random, session, cipher suites, compression methods. */
  readonly parameters: Uint8Array;
}

/**
 * Reads the ClientHello that a datagram begins with; `undefined` when it does not begin with a whole and well-formed one
 * in the clear. One in several fragments is none: they could not be put together without keeping the first.
 */
export function readClientHello(datagram: Uint8Array): ClientHello | undefined {
  if (datagram.length < smallestHello || datagram.length > largestDatagram) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  const recordEnd = recordHeader + view.getUint16(11);
  const bodyLength = uint24(view, 14);
  const whole =
    view.getUint8(0) === handshakeType &&
    view.getUint8(1) === majorVersion &&
    view.getUint16(3) === 0 &&
    recordEnd <= datagram.length &&
    view.getUint8(recordHeader) === clientHelloType &&
    uint24(view, 19) === 0 &&
    uint24(view, 22) === bodyLength &&
    helloStart + bodyLength === recordEnd;
  if (!whole || view.getUint8(helloStart) !== majorVersion) return undefined;
  const sessionEnd = vectorEnd(view, helloStart + 34, 1, recordEnd);
  const cookieEnd = vectorEnd(view, sessionEnd, 1, recordEnd);
  const suitesEnd = vectorEnd(view, cookieEnd, 2, recordEnd);
  const parametersEnd = vectorEnd(view, suitesEnd, 1, recordEnd);
  if (parametersEnd === invalid) return undefined;
  return {
    recordSequence: view.getBigUint64(3) & 0xffff_ffff_ffffn,
    messageSequence: view.getUint16(17),
    random: datagram.slice(helloStart + 2, helloStart + 34),
    cookie: datagram.slice(sessionEnd + 1, cookieEnd),
    parameters: Uint8Array.of(
      ...datagram.subarray(helloStart, sessionEnd),
      ...datagram.subarray(cookieEnd, parametersEnd),
    ),
  };
}

/** Where the vector at `at` ends; `invalid` when it does not end before `end`, or when `at` was invalid already. */
function vectorEnd(view: DataView, at: number, lengthBytes: 1 | 2, end: number): number {
  if (at === invalid || at + lengthBytes > end) return invalid;
  const next = at + lengthBytes + (lengthBytes === 1 ? view.getUint8(at) : view.getUint16(at));
  return next > end ? invalid : next;
}

function uint24(view: DataView, at: number): number {
  return view.getUint8(at) * 0x1_0000 + view.getUint16(at + 1);
}

const invalid = -1;
const handshakeType = 22;
const clientHelloType = 1;
/** DTLS 1.0, 1.2 and 1.3 alike. */
const majorVersion = 0xfe;
const recordHeader = 13;
const helloStart = recordHeader + 12;
/** Version, random, no session, no cookie, one cipher suite, one compression method. */
const smallestHello = helloStart + 34 + 1 + 1 + 4 + 2;
/** Longer ones do not come in one datagram over any network that they should come over. */
const largestDatagram = 16_384;
