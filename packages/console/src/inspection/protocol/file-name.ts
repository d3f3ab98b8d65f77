/** Characters of a name, so that there is room for what is put behind it. */
const NAME_LIMIT = 120;
/** Names that are tried before a name is made up. */
const TRIES = 100;

/** Names that a file must not have on Windows. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Names a file after the last segment of a URL's path. Whatever a server could do with it is taken out: separators, control
 * and bidirectional characters, dots in front, what a system reserves.
 */
export function fileNameOf(url: URL): string {
  const segment = url.pathname.split("/").findLast((part) => part !== "") ?? "";
  const name = decode(segment)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/gu, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "");
  const short = name
    .slice(-NAME_LIMIT)
    .replace(/^[\uDC00-\uDFFF]/, "")
    .replace(/^[.\s]+/, "");
  if (short === "") return "download";
  return RESERVED.test(short) ? `_${short}` : short;
}

/** Finds a name that nothing has: `disc.iso`, `disc (2).iso`; `undefined` where all that are tried are taken. */
export async function availableName(
  name: string,
  isTaken: (name: string) => Promise<boolean>,
): Promise<string | undefined> {
  const dot = name.lastIndexOf(".");
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const extension = dot > 0 ? name.slice(dot) : "";
  for (let number = 1; number <= TRIES; number += 1) {
    const candidate = number === 1 ? name : `${stem} (${String(number)})${extension}`;
    if (!(await isTaken(candidate))) return candidate;
  }
  return undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
