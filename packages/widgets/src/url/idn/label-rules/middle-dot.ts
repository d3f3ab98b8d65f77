import type { Label } from "../label.ts";

/** Objects to the middle dot, except in `l·l` of Catalan. @see RFC 5892 appendix A.3 */
export function middleDot(label: Label): string | undefined {
  if (!label.text.includes("·")) return undefined;
  const isCatalan = label.topLevel.ascii === "cat" && !/(?<!l)·|·(?!l)/.test(label.text);
  return isCatalan ? undefined : "·";
}
