import type { Duplex } from "node:stream";

/** An answer that came over HTTP/1.1. */
export interface ReadAnswer {
  readonly status: number;
  readonly content: string;
  /** Whether it says that its connection closes. */
  readonly closes: boolean;
}

/**
 * Reads answers up to the end of the connection, each framed by Content-Length, as the suites' handlers send them.
 *
 * @param headIndex which of the final ones answers HEAD.
 */
export async function readAnswers(client: Duplex, headIndex?: number): Promise<readonly ReadAnswer[]> {
  const text = await readToEnd(client);
  const answers: ReadAnswer[] = [];
  let finals = 0;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\r\n\r\n", at);
    const head = text.slice(at, end);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    if (end === -1 || Number.isNaN(status)) throw new Error(`no answer: ${JSON.stringify(text.slice(at))}`);
    const declared = Number(/\r\ncontent-length: (\d+)(?:\r\n|$)/.exec(head)?.[1] ?? 0);
    const length = status < 200 || finals === headIndex ? 0 : declared;
    if (status >= 200) finals += 1;
    const content = text.slice(end + 4, end + 4 + length);
    if (content.length < length) throw new Error("the content broke off");
    answers.push({ status, content, closes: /\r\nconnection: close(?:\r\n|$)/.test(head) });
    at = end + 4 + length;
  }
  return answers;
}

async function readToEnd(client: Duplex): Promise<string> {
  return await new Promise((resolve) => {
    let text = "";
    client.on("data", (bytes: Buffer) => (text += bytes.toString("latin1")));
    // What the server has refused it reads no further, and a client that goes on writing may learn it by an error.
    client.on("error", () => undefined);
    client.on("end", () => {
      resolve(text);
    });
    client.on("close", () => {
      resolve(text);
    });
  });
}
