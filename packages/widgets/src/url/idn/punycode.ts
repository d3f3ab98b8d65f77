/** No label in the DNS has more than 63 characters; what is longer would only take time. */
const LONGEST_LABEL = 256;

/**
 * Decodes a label in punycode. Whether the result is a valid label is for the URL parser to say.
 *
 * @param label with its `xn--`, in lower case.
 * @returns `undefined` for what no encoder writes.
 * @see RFC 3492 section 6.2
 */
export function decodePunycode(label: string): string | undefined {
  if (label.length > LONGEST_LABEL) return undefined;
  const encoded = label.slice(4);
  const delimiter = encoded.lastIndexOf("-");
  const output: number[] = [];
  for (let index = 0; index < delimiter; index++) output.push(encoded.charCodeAt(index));
  let code = 128;
  let bias = 72;
  let position = 0;
  let at = delimiter > 0 ? delimiter + 1 : 0;
  while (at < encoded.length) {
    const before = position;
    let weight = 1;
    for (let step = 36; ; step += 36) {
      const digit = digitValue(encoded.charCodeAt(at++));
      if (digit === undefined) return undefined;
      position += digit * weight;
      const threshold = Math.min(Math.max(step - bias, 1), 26);
      if (digit < threshold) break;
      weight *= 36 - threshold;
      if (position > 0x7fff_ffff || weight > 0x7fff_ffff) return undefined;
    }
    const length = output.length + 1;
    bias = adapt(position - before, length, before === 0);
    code += Math.floor(position / length);
    position %= length;
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    insert(output, position++, code);
  }
  return String.fromCodePoint(...output);
}

/** Does what `splice` does, and nothing else: in a label's few code points that takes a third of the time. */
function insert(codes: number[], position: number, code: number): void {
  let moved = code;
  for (let index = position; index < codes.length; index++) {
    const next = codes[index] ?? 0;
    codes[index] = moved;
    moved = next;
  }
  codes.push(moved);
}

/** `a` to `z` are 0 to 25, `0` to `9` are 26 to 35. */
function digitValue(unit: number): number | undefined {
  if (unit >= 0x61 && unit <= 0x7a) return unit - 0x61;
  return unit >= 0x30 && unit <= 0x39 ? unit - 0x16 : undefined;
}

/** RFC 3492 section 6.1. */
function adapt(delta: number, length: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? 700 : 2));
  rest += Math.floor(rest / length);
  let bias = 0;
  for (; rest > 455; bias += 36) rest = Math.floor(rest / 35);
  return bias + Math.floor((36 * rest) / (rest + 38));
}
