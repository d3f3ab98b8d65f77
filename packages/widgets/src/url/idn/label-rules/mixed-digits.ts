import type { Label } from "../label.ts";

/** Objects to digits of two systems: `1` beside `१`. @see UTS 39 section 5.3 */
export function mixedDigits(label: Label): string | undefined {
  const digits = label.text.match(/\p{Nd}/gu);
  if (digits === null) return undefined;
  const [first = "", ...others] = digits;
  const other = others.find((digit) => zeroOf(digit) !== zeroOf(first));
  return other === undefined ? undefined : first + other;
}

/** The digits of a system follow one another; before its zero stands no digit. */
function zeroOf(digit: string): number {
  let code = digit.codePointAt(0) ?? 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - 1))) code--;
  return code;
}
