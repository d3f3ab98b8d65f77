import { userInfo } from "node:os";
import { PolicyError, UsageError } from "@fairlead/core";
import { readServerPath, type PathFault, type ServerPath } from "./protocol/paths.ts";

/** What a URL of `sftp` means. */
export interface SftpTarget {
  /** In lower case; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly path: ServerPath;
  /** `host:port`, IPv6 in brackets: for messages. */
  readonly peer: string;
  /** `sftp://host:port` */
  readonly origin: string;
}

const DEFAULT_PORT = 22;

/**
 * URLs let hosts have more: a comma, a star and an exclamation mark, by which a line of known hosts would mean others than
 * the one whose key was accepted. `sftp://github.example,x.evil.example` would.
 */
const HOST = /^[\w.:-]+$/;

/**
 * Reads a URL: `sftp://[user@]host[:port]/path`.
 *
 * @param username for a URL that names none.
 * @throws UsageError URL_INVALID; URL_USER_INFORMATION for a password; PolicyError FILE_OUTSIDE_ROOT for a path that can be
 * read in more than one way.
 * @see draft-ietf-secsh-scp-sftp-ssh-uri-04 section 3
 */
export function readTarget(url: URL, username: string | undefined): SftpTarget {
  // A URL of a scheme that is not special keeps its host as it was written: as one of https it is what is connected to.
  const authority = URL.parse(`https://${url.host}`);
  if (authority === null || authority.hostname === "") throw invalid("it names no host");
  const host = authority.hostname.replace(/^\[(.*)\]$/, "$1");
  if (!HOST.test(host)) throw invalid("its host is no name and no address");
  const port = url.port === "" ? DEFAULT_PORT : Number(url.port);
  const peer = `${authority.hostname}:${String(port)}`;
  if (url.password !== "") {
    const remedy = "take the password out of the URL, and answer the question for it: onAuthenticate";
    throw new UsageError("URL_USER_INFORMATION", { operation: "request", peer, remedy });
  }
  const reading = readServerPath(url.pathname);
  if (reading.type === "fault") {
    throw new PolicyError("FILE_OUTSIDE_ROOT", { operation: "request", peer, detail: faults[reading.fault] });
  }
  const named = url.username === "" ? (username ?? processUser()) : readUsername(url.username, peer);
  return { host, port, username: named, path: reading, peer, origin: `sftp://${peer}` };
}

const faults: Readonly<Record<PathFault, string>> = {
  "encoded-separator": "a name in it holds a slash or a backslash",
  "control-character": "a name in it holds a control character",
  "not-utf8": "its escapes are not those of UTF-8",
  "dot-segment": "it holds . or ..",
  "too-long": "it is too long",
};

function readUsername(escaped: string, peer: string): string {
  let name: string;
  try {
    name = decodeURIComponent(escaped);
  } catch {
    throw invalid("the escapes of its user name are not those of UTF-8", peer);
  }
  if (name.includes(";")) throw invalid("connection parameters, as fingerprint, are not supported", peer);
  if (/\p{Cc}/u.test(name)) throw invalid("its user name holds a control character", peer);
  return name;
}

function processUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw invalid("it names no user, and this process runs as nobody that has a name");
  }
}

function invalid(detail: string, peer?: string): UsageError {
  return new UsageError("URL_INVALID", { operation: "request", detail, peer, remedy: "sftp://user@host:port/path" });
}
