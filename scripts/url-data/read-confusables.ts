/**
 * Reads `confusables.cfu` out of the data of ICU that is linked into a program: each character and what it looks like,
 * in the order of code points.
 *
 * @throws {@link Error} when the program holds no such data, or in another version of the format.
 * @see ICU, source/i18n/uspoof_impl.h, SpoofDataHeader
 */
export function readConfusables(program: Buffer): readonly (readonly [source: string, target: string])[] {
  const header = program.indexOf(dataHeader) - 12;
  if (header < 0) throw new Error("there are no confusables of ICU in this program");
  const start = header + program.readUInt16LE(header);
  const field = (index: number): number => program.readInt32LE(start + index * 4);
  if (field(0) !== 0x3845fdef || program[start + 4] !== 2) throw new Error("this version of the format is not known");
  const [keys, keyCount, values, , strings] = [3, 4, 5, 6, 7].map(field);
  if (keys === undefined || keyCount === undefined || values === undefined || strings === undefined) return [];
  return Array.from({ length: keyCount }, (_, index) => {
    const key = program.readUInt32LE(start + keys + index * 4);
    const value = program.readUInt16LE(start + values + index * 2);
    const length = (key >>> 24) + 1;
    const from = start + strings + value * 2;
    const target = length === 1 ? String.fromCharCode(value) : program.toString("utf16le", from, from + length * 2);
    return [String.fromCodePoint(key & 0xff_ffff), target] as const;
  });
}

/** The type of data and the version of its format, as they stand in the header that all of ICU's data has. */
const dataHeader = Buffer.from([0x43, 0x66, 0x75, 0x20, 2, 0, 0, 0]);
