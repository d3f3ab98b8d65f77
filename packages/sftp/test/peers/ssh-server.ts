import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import ssh2, { type AuthContext, type Connection, type ServerConfig, type ServerChannel, type SFTPWrapper } from "ssh2";

/** What a test has the server do. */
export interface SshServerOptions {
  /** Lets in or not; everybody is let in by default. */
  readonly onAuthentication?: (context: AuthContext) => void;
  /** Answers operations of SFTP; by default there is one file, `/hello`. */
  readonly onSftp?: (sftp: SFTPWrapper) => void;
  /** Is given the bytes of the subsystem in place of {@link onSftp}. */
  readonly onSubsystem?: (channel: ServerChannel) => void;
  /** Is given each connection before anything is known of it. */
  readonly onConnection?: (connection: Connection) => void;
  /** What else the library takes. */
  readonly config?: Omit<ServerConfig, "hostKeys">;
}

/** A server of SSH in this process, for what OpenSSH never does. */
export interface SshServer extends AsyncDisposable {
  readonly port: number;
  /** Connections so far. */
  readonly connections: number;
  /** Ends all connections. */
  cut(): void;
  /** @param user with an `@`. */
  url(path: string, user?: string): URL;
}

const { STATUS_CODE } = ssh2.utils.sftp;
/** The one file's content. */
export const HELLO = "hello\n";
const attributes = { mode: 0o100644, uid: 0, gid: 0, size: HELLO.length, atime: 1, mtime: 1 };

/** Starts it. */
export async function startSshServer(options: SshServerOptions = {}): Promise<SshServer> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const hostKey = privateKey.export({ type: "sec1", format: "pem" }).toString();
  const open = new Set<Connection>();
  let connections = 0;
  const server = new ssh2.Server({ ...options.config, hostKeys: [hostKey] }, (connection) => {
    connections += 1;
    open.add(connection);
    // The types know it of the other side only.
    (connection as unknown as { setNoDelay: () => void }).setNoDelay();
    connection.on("error", () => undefined);
    connection.once("close", () => open.delete(connection));
    options.onConnection?.(connection);
    connection.on("authentication", (context) => {
      if (options.onAuthentication === undefined) context.accept();
      else options.onAuthentication(context);
    });
    connection.on("session", (accept) => {
      const session = accept();
      const { onSubsystem, onSftp = serveHello } = options;
      // The library hands over bytes only where nobody wants files.
      if (onSubsystem === undefined) session.on("sftp", (acceptSftp) => onSftp(acceptSftp()));
      else session.on("subsystem", (acceptChannel) => onSubsystem(acceptChannel()));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get connections() {
      return connections;
    },
    cut: () => {
      for (const connection of open) connection.end();
    },
    url: (path, user = "user@") => new URL(`sftp://${user}127.0.0.1:${String(port)}${path}`),
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      for (const connection of open) connection.end();
      await closed;
    },
  };
}

/** One file that can be read, and nothing else. */
export function serveHello(sftp: SFTPWrapper): void {
  const handle = Buffer.from("handle");
  const answer = (id: number, path: string): void => {
    if (path === "/hello") sftp.attrs(id, attributes);
    else sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
  };
  sftp.on("REALPATH", (id, path) => sftp.name(id, [{ filename: path, longname: path, attrs: attributes }]));
  sftp.on("STAT", answer);
  sftp.on("LSTAT", answer);
  sftp.on("FSTAT", (id) => {
    sftp.attrs(id, attributes);
  });
  sftp.on("OPEN", (id) => sftp.handle(id, handle));
  sftp.on("READ", (id, _handle, offset, length) => {
    const bytes = Buffer.from(HELLO).subarray(offset, offset + length);
    if (bytes.length === 0) sftp.status(id, STATUS_CODE.EOF);
    else sftp.data(id, bytes);
  });
  sftp.on("CLOSE", (id) => sftp.status(id, STATUS_CODE.OK));
}
