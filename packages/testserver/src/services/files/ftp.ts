import type { ConnectionLog } from "../../connection-log.ts";
import type { Conversation } from "../lines/conversation.ts";
import type { FileTree } from "./file-tree.ts";
import { ftpControlCommands } from "./ftp-control-commands.ts";
import { ftpFileCommands } from "./ftp-file-commands.ts";
import type { FtpCommand, FtpSession, FtpTerms } from "./ftp-session.ts";
import { ftpTransferCommands } from "./ftp-transfer-commands.ts";

/** Serves files to one client, until that has had enough. RFC 959, RFC 2228, RFC 2428, RFC 3659, RFC 4217. */
export async function serveFtp(
  talk: Conversation,
  files: FileTree,
  connections: ConnectionLog,
  terms: FtpTerms,
): Promise<never> {
  const session: FtpSession = {
    ...{ talk, terms, files, connections },
    ...{ name: undefined, rights: "none", folder: "/", isPrivate: false, data: undefined, restartAt: 0 },
    renameFrom: undefined,
  };
  await talk.say(...(terms.greeting ?? ["220 Fairlead test server"]));
  if (terms.turnsAway === true) await talk.hangUp();
  const table: Readonly<Record<string, FtpCommand>> = {
    ...ftpControlCommands,
    ...ftpFileCommands,
    ...ftpTransferCommands,
    ...terms.commands,
  };
  for (;;) {
    const line = await talk.line((text) => text.replace(/^(pass ).*/i, "$1…"));
    const [, verb = "", argument = ""] = /^(\S*) ?(.*)$/s.exec(line) ?? [];
    const name = verb.toUpperCase();
    const command = Object.hasOwn(table, name) ? table[name] : undefined;
    if (command === undefined) await talk.say("502 there is no such command here");
    else if (session.rights === "none" && !openCommands.has(name)) await talk.say("530 say who you are first");
    else await command(session, argument);
  }
}

const openCommands = new Set([
  "USER",
  "PASS",
  "AUTH",
  "PBSZ",
  "PROT",
  "FEAT",
  "OPTS",
  "SYST",
  "NOOP",
  "HELP",
  "QUIT",
  "REIN",
]);
