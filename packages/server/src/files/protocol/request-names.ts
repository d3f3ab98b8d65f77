import { isWindowsName } from "./windows-name.ts";

/** What a path asks for below a root. */
export interface RequestNames {
  /** From the root down; empty for the root itself. */
  readonly names: readonly string[];
  /** The path ends in a slash. */
  readonly isDirectory: boolean;
}

/** Slashes of either kind, a fragment, and what no name should hold. */
const FORBIDDEN = /[/\\\u0000-\u001f\u007f]/;

/**
 * Reads the names out of the path of a URL. Each is decoded once, and has to be a name then: what would go up, nowhere or
 * elsewhere is refused and not tidied up, so that a path means the same to everybody who looks at it.
 *
 * @param path as it came, with its query if it has one.
 * @returns `undefined` for a path that can name nothing.
 * @see RFC 3986 sections 3.3 and 7.3
 */
export function requestNames(path: string, platform: "windows" | "posix"): RequestNames | undefined {
  const [plain = ""] = path.split("?", 1);
  if (!plain.startsWith("/") || plain.includes("#")) return undefined;
  const segments = plain.slice(1).split("/");
  const isDirectory = segments.at(-1) === "";
  if (isDirectory) segments.pop();
  const names: string[] = [];
  for (const segment of segments) {
    const name = decode(segment);
    if (name === undefined || name === "" || name === "." || name === ".." || FORBIDDEN.test(name)) return undefined;
    if (platform === "windows" && !isWindowsName(name)) return undefined;
    names.push(name);
  }
  return { names, isDirectory };
}

/**
 * Whether a name is hidden, by the convention of Unix: what begins with a dot is nobody else's business. Below the root,
 * `.well-known` is there to be found. RFC 8615
 */
export function isHidden(names: readonly string[]): boolean {
  return names.some((name, depth) => name.startsWith(".") && !(depth === 0 && name === ".well-known"));
}

function decode(segment: string): string | undefined {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
