/** Bytes of a name in UTF-8: file systems take 255, and there is room left for what is put behind it. */
const NAME_LIMIT_BYTES = 200;
/** Names that are tried before a name is made up. */
const TRIES = 100;

/** Names of devices on Windows, which takes no notice of spaces behind them, nor of an ending. */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(?:\.|$)/i;

/**
 * Names a file as is wanted, or after the last segment of a URL's path. Whatever a server could do with it is taken out:
 * separators, control and bidirectional characters, dots in front, what a system reserves.
 */
export function fileNameOf(url: URL, wanted = ""): string {
  const segment = url.pathname.split("/").findLast((part) => part !== "") ?? "";
  return harmless(wanted) || harmless(decode(segment)) || "download";
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

/** What two names have in common that some file system takes for the same file. */
export function fileNameKey(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/** Empty where nothing is left. */
function harmless(text: string): string {
  const name = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/gu, "_").replace(/^[.\s]+|[.\s]+$/g, "");
  const short = lastBytes(name).replace(/^[.\s]+/, "");
  return RESERVED.test(short) ? `_${short}` : short;
}

/** As many of its last characters as are within the limit: its ending is among them. */
function lastBytes(name: string): string {
  const characters = Array.from(name);
  const encoder = new TextEncoder();
  let bytes = 0;
  const end = characters.findLastIndex((each) => (bytes += encoder.encode(each).length) > NAME_LIMIT_BYTES);
  return characters.slice(end + 1).join("");
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
