/** Where a path begins on the server. */
export type PathBase = "root" | "home";

/** A path as the server is asked for it. */
export interface ServerPath {
  readonly base: PathBase;
  /** Absolute, or relative to the home directory: then without a leading slash, and `.` for the directory itself. */
  readonly path: string;
  /** Whether it ended in a slash, and so means a directory. */
  readonly isDirectory: boolean;
}

/** Why a path is refused. */
export type PathFault = "encoded-separator" | "control-character" | "not-utf8" | "dot-segment" | "too-long";

/** What a path of a URL means, or why it is refused. */
export type PathReading =
  | ({ readonly type: "path" } & ServerPath)
  | { readonly type: "fault"; readonly fault: PathFault };

/** Code units of a path: what Linux takes. */
const PATH_LIMIT = 4096;

/**
 * Reads the path of a URL. It is absolute; behind `/~/` it is relative to the home directory, as with curl.
 *
 * A segment that holds a separator once its escapes are undone is refused, `%2F` and `%5C` and a bare backslash: a server
 * of Windows takes both, so what looks like one name would be a way.
 *
 * @param pathname as `URL.pathname` has it.
 * @see draft-ietf-secsh-scp-sftp-ssh-uri-04 section 3
 */
export function readServerPath(pathname: string): PathReading {
  if (pathname.length > 3 * PATH_LIMIT) return { type: "fault", fault: "too-long" };
  const segments: string[] = [];
  for (const escaped of pathname.split("/").slice(1)) {
    const segment = decodeSegment(escaped);
    if (segment === undefined) return { type: "fault", fault: "not-utf8" };
    if (/[/\\]/.test(segment)) return { type: "fault", fault: "encoded-separator" };
    if (/\p{Cc}/u.test(segment)) return { type: "fault", fault: "control-character" };
    // A parser of URLs has resolved them; what is left came by another way.
    if (segment === "." || segment === "..") return { type: "fault", fault: "dot-segment" };
    segments.push(segment);
  }
  const isDirectory = (segments.at(-1) ?? "") === "";
  const base: PathBase = segments[0] === "~" ? "home" : "root";
  const named = segments.slice(base === "home" ? 1 : 0).filter((segment) => segment !== "");
  const path = base === "home" ? named.join("/") || "." : `/${named.join("/")}`;
  if (path.length > PATH_LIMIT) return { type: "fault", fault: "too-long" };
  return { type: "path", base, path, isDirectory: isDirectory || named.length === 0 };
}

/** Whether a path is a root, or lies below it. Both absolute and resolved by the server. */
export function isWithin(root: string, path: string): boolean {
  const prefix = root.endsWith("/") ? root : `${root}/`;
  return path === root || (path.startsWith(prefix) && !path.split("/").includes(".."));
}

/** All paths from below a root down to a path, the path itself last; none for the root itself. */
export function pathsBelow(root: string, path: string): readonly string[] {
  const prefix = root.endsWith("/") ? root : `${root}/`;
  const names = path
    .slice(prefix.length)
    .split("/")
    .filter((name) => name !== "");
  return names.map((_, index) => `${prefix}${names.slice(0, index + 1).join("/")}`);
}

/** Splits a path into its directory and its last name. */
export function splitPath(path: string): { readonly directory: string; readonly name: string } {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return { directory: ".", name: path };
  return { directory: slash === 0 ? "/" : path.slice(0, slash), name: path.slice(slash + 1) };
}

function decodeSegment(escaped: string): string | undefined {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return undefined;
  }
}
