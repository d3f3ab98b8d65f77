import type { CoapReply } from "@fairlead/iot/coap";
import type { CoapProblem } from "@fairlead/iot/coap/protocol";
import { printable, printableJson } from "../terminal/printable.ts";

/** A payload for people: text that is safe to print, line by line; hexadecimal where it is none. */
export function describeReply(reply: CoapReply): string {
  const { problem } = reply;
  if (problem !== undefined) return describeProblem(problem);
  const text = textOf(reply);
  if (text === undefined) return Buffer.from(reply.payload).toString("hex");
  return text.split(/\r?\n/).map(printable).join("\n").trimEnd();
}

/** An answer for programs; a payload that is no text is `payloadBase64`. */
export function replyJson(reply: CoapReply, indent: number): string {
  const { url, code, name, contentFormat, maxAge, eTag, location, payload } = reply;
  const text = textOf(reply);
  const { problem } = reply;
  return printableJson(
    {
      ...{ url, code, name, contentFormat, maxAge, location },
      eTag: eTag && Buffer.from(eTag).toString("hex"),
      ...(problem !== undefined && {
        problem: { ...problem, title: problem.title?.text, detail: problem.detail?.text, entries: undefined },
      }),
      ...(text === undefined ? { payloadBase64: Buffer.from(payload).toString("base64") } : { payload: text }),
    },
    indent,
  );
}

/** RFC 9290: what it says to people. */
function describeProblem({ title, detail, instance }: CoapProblem): string {
  const lines = [title?.text, detail?.text, instance].filter((line) => line !== undefined);
  return lines.map(printable).join("\n");
}

function textOf(reply: CoapReply): string | undefined {
  try {
    return reply.text();
  } catch {
    return undefined;
  }
}
