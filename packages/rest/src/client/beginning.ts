import type { Reply } from "@fairlead/access";

/** Octets of content that an error keeps. */
export const ERROR_CONTENT_LIMIT_BYTES = 64 * 1024;

/** How some content begins. */
export interface Beginning {
  readonly bytes: Uint8Array;
  /** Whether there was, or would have been, more. */
  readonly isCut: boolean;
}

/** Reads what an error keeps of the content of a reply, and gives up the rest. */
export async function readBeginning(reply: Reply): Promise<Beginning> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isCut = false;
  try {
    for await (const chunk of reply) {
      const room = ERROR_CONTENT_LIMIT_BYTES - length;
      isCut = chunk.length > room;
      chunks.push(isCut ? chunk.subarray(0, room) : chunk);
      length += Math.min(chunk.length, room);
      if (isCut) break;
    }
  } catch {
    // What is told by an error is more than that its content broke off.
    isCut = true;
  }
  return { bytes: Buffer.concat(chunks), isCut };
}
