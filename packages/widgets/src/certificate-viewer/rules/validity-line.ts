/** Where the validity of a certificate lies, and where now is, as shares of a line that begins at 0 and ends at 1. */
export interface ValidityLine {
  readonly state: "valid" | "expired" | "not-yet-valid";
  readonly start: number;
  readonly end: number;
  readonly now: number;
}

/**
 * Draws the validity on a line. What lies before or behind takes half of it at most: that a day ended ten years ago is for
 * the words to say.
 *
 * @returns `undefined` where it ends before it begins.
 */
export function validityLine(notBefore: number, notAfter: number, now: number): ValidityLine | undefined {
  if (notAfter < notBefore) return undefined;
  const length = Math.max(notAfter - notBefore, 1);
  const early = Math.min(Math.max(notBefore - now, 0), length);
  const late = Math.min(Math.max(now - notAfter, 0), length);
  const whole = early + length + late;
  const inside = Math.min(Math.max(now - notBefore, 0), length);
  return {
    state: now < notBefore ? "not-yet-valid" : now > notAfter ? "expired" : "valid",
    start: early / whole,
    end: (early + length) / whole,
    now: (early > 0 ? 0 : inside + late) / whole,
  };
}
