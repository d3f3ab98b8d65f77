import { generateKeyPairSync } from "node:crypto";
import type { AuthContext, Connection as SshConnection, ServerConfig, utils } from "ssh2";
import type { Connection } from "../../connection-log.ts";
import { isTestUser, testUser } from "../lines/credentials.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";
import { type SftpFilesTerms, serveSftpFiles } from "./sftp-files.ts";

/** How one service differs from the ordinary. */
export interface SftpTerms extends Omit<SftpFilesTerms, "beforeRead"> {
  /** Makes a key anew for each connection. */
  readonly changesHostKey?: boolean;
  /** Who is let in: whoever has the password or any key, by one of these alone, by both, or nobody. */
  readonly letsIn?: "either" | "key" | "both" | "nobody";
  /** Ends the connection at the first attempt to be let in. */
  readonly endsAtAuthentication?: boolean;
  /** Refuses the subsystem. */
  readonly hasNoFiles?: boolean;
  /** Is asked before each piece of a file is sent; see SftpFilesTerms. */
  readonly beforeRead?: (offset: number, send: () => void, cut: () => void) => void;
  readonly config?: Omit<ServerConfig, "hostKeys">;
}

const unreadLimitBytes = 16_777_216;

/** Serves files by SFTP, through the SSH library that is loaded now. */
export async function openSftp(
  { files, traffic }: NetworkContext,
  { name: service }: ServiceSelf,
  terms: SftpTerms,
): Promise<StreamDriver> {
  const { default: ssh } = await import("ssh2");
  const { STATUS_CODE: status, OPEN_MODE: flags } = ssh.utils.sftp;
  const lastingKey = makeHostKey();

  const serve = (client: SshConnection, { number: connection, tcp }: Connection): void => {
    const tell = (line: string): void => {
      const printable = line.slice(0, 200).replace(/[^\x20-\x7e\u00a1-\u{10ffff}]/gu, "·");
      traffic.add({ type: "said", service, connection, by: "client", line: printable });
    };
    const cut = (): void => void tcp.destroy();
    const isBehind = (): boolean => tcp.writableLength > unreadLimitBytes;
    client.on("error", () => undefined);
    let hasKey = false;
    client.on("authentication", (context) => {
      tell(`authentication by ${context.method} as ${context.username}`);
      if (terms.endsAtAuthentication === true) return void client.end();
      try {
        const verdict = judge(context, ssh.utils.parseKey, terms.letsIn ?? "either", hasKey);
        if (verdict === "first-half") hasKey = true;
        if (verdict === "in") context.accept();
        else context.reject(waysOf(terms.letsIn ?? "either", hasKey), verdict === "first-half");
      } catch {
        context.reject();
      }
    });
    client.on("session", (accept) => {
      const session = accept();
      if (terms.hasNoFiles === true) return;
      session.on("sftp", (acceptSftp) => {
        const { beforeRead, ...rest } = terms;
        const filesTerms = {
          ...rest,
          ...(beforeRead && { beforeRead: (offset: number, send: () => void) => beforeRead(offset, send, cut) }),
        };
        serveSftpFiles(acceptSftp(), { files, codes: { status, flags }, terms: filesTerms, tell, isBehind, end: cut });
      });
    });
  };
  return {
    accept: (socket, connection) => {
      const hostKey = terms.changesHostKey === true ? makeHostKey() : lastingKey;
      // A server for each connection: the library does not say whose connection it is.
      new ssh.Server({ ...terms.config, hostKeys: [hostKey] }, (client) => {
        serve(client, connection);
      }).injectSocket(socket);
    },
  };
}

function makeHostKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "sec1", format: "pem" }).toString();
}

type ParseKey = typeof utils.parseKey;

function judge(
  context: AuthContext,
  parseKey: ParseKey,
  letsIn: NonNullable<SftpTerms["letsIn"]>,
  hasKey: boolean,
): "in" | "first-half" | "out" {
  if (letsIn === "nobody" || context.username !== testUser.name) return "out";
  switch (context.method) {
    case "password": {
      const isRight = letsIn !== "key" && isTestUser(context.username, context.password);
      return isRight && (letsIn !== "both" || hasKey) ? "in" : "out";
    }
    case "publickey": {
      const { blob, signature, hashAlgo } = context;
      // Without a signature it is the question whether the key would do. RFC 4252 section 7.
      if (blob === undefined || signature === undefined) return "in";
      const key = parseKey(context.key.data);
      const isRight = !(key instanceof Error) && key.verify(blob, signature, hashAlgo);
      if (!isRight) return "out";
      return letsIn === "both" ? "first-half" : "in";
    }
    case "none":
    case "hostbased":
    case "keyboard-interactive":
      return "out";
  }
}

function waysOf(letsIn: NonNullable<SftpTerms["letsIn"]>, hasKey: boolean): ("password" | "publickey")[] {
  if (letsIn === "key") return ["publickey"];
  if (letsIn === "both") return hasKey ? ["password"] : ["publickey"];
  return ["publickey", "password"];
}
