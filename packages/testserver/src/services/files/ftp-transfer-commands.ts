import { posix } from "node:path";
import type { FileNode } from "./file-node.ts";
import { fileLimitBytes } from "./file-tree.ts";
import type { FtpCommand, FtpSession } from "./ftp-session.ts";
import { refusalReply, resolvePath } from "./ftp-file-commands.ts";
import { listLine, machineLine } from "./ftp-listing.ts";
import { sendAll, takeAll, transfer } from "./ftp-transfer.ts";

/** The commands that have a data connection. */
export const ftpTransferCommands = {
  // Options as of ls are what clients have come to send.
  LIST: (session, argument) => sendList(session, argument.replace(/^-\S* ?/, ""), listLine),
  NLST: (session, argument) => sendList(session, argument.replace(/^-\S* ?/, ""), (name) => name),
  MLSD: (session, argument) => sendList(session, argument, machineLine),
  RETR: async (session, argument) => {
    const { talk, terms, files, restartAt } = session;
    const node = files.find(resolvePath(session, argument));
    if (node?.type !== "file") return talk.say("550 there is no such file");
    const bytes = node.bytes.subarray(restartAt);
    await transfer(session, (data) => (terms.sendFile ?? sendAll)(data, bytes, session));
  },
  STOR: (session, argument) =>
    takeFile(session, argument, (before, bytes, restartAt) => Buffer.concat([before.subarray(0, restartAt), bytes])),
  APPE: (session, argument) => takeFile(session, argument, (before, bytes) => Buffer.concat([before, bytes])),
  REST: async (session, argument) => {
    if (!/^\d{1,12}$/.test(argument)) return session.talk.say("501 that is no number");
    session.restartAt = Number(argument);
    await session.talk.say("350 go on from there");
  },
} as const satisfies Readonly<Record<string, FtpCommand>>;

async function sendList(
  session: FtpSession,
  argument: string,
  tell: (name: string, node: FileNode) => string,
): Promise<void> {
  const path = resolvePath(session, argument);
  const node = session.files.find(path);
  if (node === undefined) return session.talk.say("550 there is no such folder");
  const nodes = node.type === "folder" ? [...node.children] : [[posix.basename(path), node] as const];
  const lines = nodes.map(([name, each]) => `${tell(name, each)}\r\n`).join("");
  await transfer(session, (data) => sendAll(data, Buffer.from(lines), session));
}

async function takeFile(
  session: FtpSession,
  argument: string,
  join: (before: Buffer, bytes: Buffer, restartAt: number) => Buffer,
): Promise<void> {
  const { talk, files, rights, restartAt } = session;
  const path = resolvePath(session, argument);
  if (rights !== "user") return talk.say("550 guests may not write");
  if (files.find(posix.dirname(path))?.type !== "folder") return talk.say("553 there is no such folder");
  const node = files.find(path);
  const before = node?.type === "file" ? node.bytes : Buffer.alloc(0);
  if (restartAt > before.length) return talk.say("554 the file is not that long");
  await transfer(session, async (data) => {
    const bytes = await takeAll(data, fileLimitBytes);
    const refusal = bytes === undefined ? "full" : files.write(path, join(before, bytes, restartAt));
    return refusalReply(refusal) ?? "226 all of it";
  });
}
