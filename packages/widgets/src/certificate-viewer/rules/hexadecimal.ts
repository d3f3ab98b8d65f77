/** Hexadecimal in groups that an eye can keep, `3F2A 91BC`; what is not hexadecimal is left as it is. */
export function groupHexadecimal(text: string): string {
  return isHexadecimal(text) ? (text.toUpperCase().match(/.{1,4}/g) ?? []).join(" ") : text;
}

/** Hexadecimal as other programs write fingerprints, `3F:2A:91:BC`; what is not hexadecimal is left as it is. */
export function separateHexadecimal(text: string): string {
  return isHexadecimal(text) ? (text.toUpperCase().match(/../g) ?? []).join(":") : text;
}

function isHexadecimal(text: string): boolean {
  return text.length <= 1_024 && /^(?:[\da-f]{2})+$/i.test(text);
}
