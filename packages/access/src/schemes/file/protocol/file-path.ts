/** Whose names of files are meant. */
export type FileNames = "posix" | "windows";

/** What a `file:` URL names: the names from the top of the file system down to the file; or why it names nothing. */
export type FilePath =
  | { readonly type: "names"; readonly names: readonly string[] }
  | { readonly type: "refused"; readonly because: string };

/**
 * Takes a `file:` URL apart. What could mean one file here and another one to the system is refused: encoded separators, NUL,
 * names of other computers; on Windows streams, devices and names that lose their end.
 *
 * @see RFC 8089 section 2 and appendix E; URL Standard section 4.4, "file host state"
 */
export function parseFilePath(url: Pick<URL, "hostname" | "pathname">, system: FileNames): FilePath {
  // The parser has made localhost nothing.
  if (url.hostname !== "") return refused("it names another computer");
  const encoded = url.pathname.split("/").slice(1);
  const names: string[] = [];
  for (const [index, part] of encoded.entries()) {
    const isLast = index + 1 === encoded.length;
    // A slash at the end says that a directory is meant.
    if (part === "" && isLast && index > 0) return { type: "names", names: [...names, "."] };
    const name = decodeName(part);
    if (name === undefined) return refused("a name in it is no text");
    const because = whyUnfit(name, system, index === 0);
    if (because !== undefined) return refused(because);
    names.push(name);
  }
  return { type: "names", names };
}

function decodeName(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** Why the system may take a name for something else than the name of one file. */
function whyUnfit(name: string, system: FileNames, isFirst: boolean): string | undefined {
  if (name === "") return "a name in it is empty";
  if (name === "." || name === "..") return "a name in it stands for another directory";
  if (/[/\\]/.test(name)) return "a name in it holds a separator";
  if (name.includes("\0")) return "a name in it holds NUL";
  if (system === "posix" || (isFirst && /^[a-z]:$/i.test(name))) return undefined;
  return whyUnfitOnWindows(name);
}

/** Microsoft, "Naming Files, Paths, and Namespaces": devices have names in every directory, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[\d\u00b9\u00b2\u00b3]|lpt[\d\u00b9\u00b2\u00b3]|conin\$|conout\$) *(?:\.|:|$)/i;

function whyUnfitOnWindows(name: string): string | undefined {
  if (name.includes(":")) return "a name in it holds a drive or a stream";
  if (/[<>"|?*\x01-\x1f]/.test(name)) return "a name in it holds a character that names cannot have";
  if (/[. ]$/.test(name)) return "a name in it ends in a dot or a space, which the system drops";
  // What 8.3 names stand for is known to the file system alone.
  if (/~\d/.test(name)) return "a name in it may be short for another";
  return DEVICE.test(name) ? "a name in it is that of a device" : undefined;
}

function refused(because: string): FilePath {
  return { type: "refused", because };
}
