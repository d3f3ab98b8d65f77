import { once } from "node:events";
import type { Socket } from "node:net";
import { ConversationOver } from "../lines/byte-reader.ts";
import type { FtpSession, SendData } from "./ftp-session.ts";

/** Does something with the data connection that was agreed on, and tells the client how it went. */
export async function transfer(session: FtpSession, use: (data: Socket) => Promise<string>): Promise<void> {
  const { talk, terms, data: source, isPrivate } = session;
  session.data = undefined;
  session.restartAt = 0;
  if (source === undefined) return talk.say("425 say PASV or PORT first");
  await talk.say("150 here it comes");
  let data: Socket | undefined;
  const stop = (): void => void data?.destroy();
  talk.signal.addEventListener("abort", stop, { once: true });
  let reply: string;
  try {
    data = await source.socket();
    const secure = isPrivate && terms.forgetsTls !== true ? await talk.secureOther(data) : undefined;
    data = secure ?? data;
    if (terms.needsResumption === true && secure?.isSessionReused() !== true) {
      data.end();
      reply = "522 the data connection has to resume the session of this one";
    } else {
      reply = await use(data);
    }
  } catch (error) {
    data?.destroy();
    if (error instanceof ConversationOver) throw error;
    // Whatever ended it, it is the client's to try again. RFC 959 section 4.2.
    reply = "426 the data connection broke";
  } finally {
    talk.signal.removeEventListener("abort", stop);
  }
  await talk.say(reply);
}

/** Sends all, in good order. */
export const sendAll: SendData = async (data, bytes) => {
  data.resume();
  data.end(bytes);
  await once(data, "close");
  return data.errored === null ? "226 all of it" : "426 the data connection broke";
};

/** Takes all that comes up to a limit; `undefined` beyond it. */
export async function takeAll(data: Socket, limitBytes: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of data as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (sizeBytes > limitBytes) {
      data.destroy();
      return undefined;
    }
    pieces.push(piece);
  }
  data.end();
  return Buffer.concat(pieces, sizeBytes);
}
