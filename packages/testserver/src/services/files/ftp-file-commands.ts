import { posix } from "node:path";
import type { FileRefusal } from "./file-tree.ts";
import type { FtpCommand, FtpSession } from "./ftp-session.ts";
import { machineLine, timeValue } from "./ftp-listing.ts";

/** The commands that are about files and have no data connection. */
export const ftpFileCommands = {
  PWD: ({ talk, folder }) => talk.say(`257 "${folder.replaceAll('"', '""')}"`),
  CWD: async (session, argument) => {
    const path = resolvePath(session, argument);
    if (session.files.find(path)?.type !== "folder") return session.talk.say("550 there is no such folder");
    session.folder = path;
    await session.talk.say("250 fine");
  },
  CDUP: async (session) => {
    session.folder = posix.dirname(session.folder);
    await session.talk.say("250 fine");
  },
  SIZE: async (session, argument) => {
    const node = session.files.find(resolvePath(session, argument));
    await session.talk.say(node?.type === "file" ? `213 ${node.bytes.length}` : "550 there is no such file");
  },
  MDTM: async (session, argument) => {
    const node = session.files.find(resolvePath(session, argument));
    await session.talk.say(node?.type === "file" ? `213 ${timeValue(node.modifiedAt)}` : "550 there is no such file");
  },
  MLST: async (session, argument) => {
    const path = resolvePath(session, argument);
    const node = session.files.find(path);
    if (node === undefined) return session.talk.say("550 there is no such file");
    await session.talk.say("250-this it is", ` ${machineLine(path, node)}`, "250 all");
  },
  DELE: (session, argument) => change(session, ({ files }) => files.remove(resolvePath(session, argument))),
  RMD: (session, argument) => change(session, ({ files }) => files.remove(resolvePath(session, argument), "folder")),
  MKD: async (session, argument) => {
    const path = resolvePath(session, argument);
    const done = `257 "${path.replaceAll('"', '""')}" is there`;
    await change(session, ({ files }) => files.makeFolder(path), done);
  },
  RNFR: async (session, argument) => {
    const path = resolvePath(session, argument);
    const isThere = session.files.find(path, { keepLast: true }) !== undefined;
    session.renameFrom = isThere ? path : undefined;
    await session.talk.say(isThere ? "350 and to what?" : "550 there is no such file");
  },
  RNTO: async (session, argument) => {
    const { renameFrom } = session;
    session.renameFrom = undefined;
    if (renameFrom === undefined) return session.talk.say("503 say RNFR first");
    await change(session, ({ files }) => files.rename(renameFrom, resolvePath(session, argument)));
  },
} as const satisfies Readonly<Record<string, FtpCommand>>;

/** The absolute path that an argument means; nothing leads above the root. */
export function resolvePath({ folder }: FtpSession, argument: string): string {
  return posix.resolve("/", folder, argument);
}

/** How a refusal is said; `undefined` where there is none. */
export function refusalReply(refusal: FileRefusal): string | undefined {
  switch (refusal) {
    case "absent":
      return "550 there is no such file";
    case "exists":
      return "550 there is one already, or something in it";
    case "full":
      return "552 there is no room for it";
    case "wrong-kind":
      return "553 that can't be done with this";
    case undefined:
      return undefined;
  }
}

async function change(
  session: FtpSession,
  act: (session: FtpSession) => FileRefusal,
  done = "250 done",
): Promise<void> {
  if (session.rights !== "user") return session.talk.say("550 guests may not write");
  await session.talk.say(refusalReply(act(session)) ?? done);
}
