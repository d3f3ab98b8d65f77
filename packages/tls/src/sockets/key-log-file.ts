import { closeSync, constants, fchmodSync, openSync, writeSync } from "node:fs";

/** A file that secrets of connections are added to. */
export interface KeyLogFile extends Disposable {
  /** Goes into `dangerous: { onKeyLog }` of any number of connections. Does nothing once the file is closed. */
  readonly onKeyLog: (line: string) => void;
  readonly close: () => void;
}

/**
 * Opens a file in the format of SSLKEYLOGFILE for Wireshark and others. Whoever reads it can read everything that was said
 * on those connections: it is for its owner alone (mode 0600), and is never a link.
 *
 * @throws the system's error when the file cannot be opened.
 * @see draft-ietf-tls-keylogfile
 *
 * @example
 * using keys = keyLogFile("/tmp/keys.log");
 * await connectTls(below, { host, dangerous: { onKeyLog: keys.onKeyLog } });
 */
export function keyLogFile(path: string): KeyLogFile {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants;
  // Not there on Windows, which needs a privilege to make links.
  const noFollow = process.platform === "win32" ? 0 : constants.O_NOFOLLOW;
  let file: number | undefined = openSync(path, O_APPEND | O_CREAT | O_WRONLY | noFollow, 0o600);
  try {
    // It may have been there before.
    fchmodSync(file, 0o600);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  const close = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  return {
    onKeyLog(line) {
      if (file === undefined) return;
      try {
        writeSync(file, `${line}\n`);
      } catch {
        // A full disk is no reason to end the connection, and a callback of it must not throw.
      }
    },
    close,
    [Symbol.dispose]: close,
  };
}
