import { crc32, deflateSync } from "node:zlib";

/** One picture: a square in one colour. Each kind is made here from its format's description, by nobody's tool. */
export interface Picture {
  readonly mediaType: string;
  readonly bytes: () => Buffer;
}

const SIZE = 16;
const SIGNAL_BLUE = [0x1e, 0x2f, 0x97] as const;

/** Pictures by the name that they have in a path. */
export const pictures: Readonly<Record<string, Picture>> = {
  png: { mediaType: "image/png", bytes: makePng },
  jpeg: { mediaType: "image/jpeg", bytes: makeJpeg },
  webp: { mediaType: "image/webp", bytes: makeWebp },
  svg: { mediaType: "image/svg+xml", bytes: makeSvg },
};

/** PNG, ISO/IEC 15948: a header, one compressed run of rows, an end. */
function makePng(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 2], 8); // Eight bits of each of red, green and blue.
  const row = Buffer.from([0, ...Array.from({ length: SIZE }, () => SIGNAL_BLUE).flat()]);
  const rows = Buffer.concat(Array.from({ length: SIZE }, () => row));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    pngChunk("IHDR", header),
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** JPEG, ITU-T T.81: four blocks without any difference, each two bits of zero, by tables of one code each. */
function makeJpeg(): Buffer {
  const segment = (marker: number, ...content: readonly number[]): readonly number[] => {
    return [0xff, marker, 0, content.length + 2, ...content];
  };
  const oneCode = [1, ...Array.from({ length: 15 }, () => 0), 0];
  return Buffer.from([
    ...[0xff, 0xd8],
    ...segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0),
    ...segment(0xdb, 0, ...Array.from({ length: 64 }, () => 1)),
    ...segment(0xc0, 8, 0, SIZE, 0, SIZE, 1, 1, 0x11, 0),
    ...segment(0xc4, 0x00, ...oneCode),
    ...segment(0xc4, 0x10, ...oneCode),
    ...segment(0xda, 1, 1, 0, 0, 63, 0),
    ...[0x00, 0xff, 0xd9],
  ]);
}

/** WebP without loss, RFC 9649: five codes of one symbol each, which take no bits, so that no picture data follows. */
function makeWebp(): Buffer {
  const [red, green, blue] = SIGNAL_BLUE;
  const bits: number[] = [];
  const put = (value: number, count: number): void => {
    for (let bit = 0; bit < count; bit += 1) bits.push((value >>> bit) & 1);
  };
  put(SIZE - 1, 14);
  put(SIZE - 1, 14);
  put(0, 4); // No alpha, version 0.
  put(0, 3); // No transform, no colour cache, one group of codes.
  for (const symbol of [green, red, blue, 255]) {
    put(0b101, 3); // A simple code of one symbol, which has eight bits.
    put(symbol, 8);
  }
  put(0b0001, 4); // The code of distances: symbol 0, which has one bit.
  const content = [0x2f];
  for (let at = 0; at < bits.length; at += 8) {
    content.push(bits.slice(at, at + 8).reduce((byte, bit, place) => byte | (bit << place), 0));
  }
  if (content.length % 2 === 1) content.push(0);
  const head = Buffer.from("RIFF\0\0\0\0WEBPVP8L\0\0\0\0", "latin1");
  head.writeUInt32LE(12 + content.length, 4);
  head.writeUInt32LE(content.length, 16);
  return Buffer.concat([head, Buffer.from(content)]);
}

function makeSvg(): Buffer {
  const color = `rgb(${SIGNAL_BLUE.join(" ")})`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}">` +
      `<rect width="${SIZE}" height="${SIZE}" fill="${color}"/></svg>\n`,
  );
}
