import { ContentError } from "@fairlead/core";
import { readJson } from "@fairlead/http/json";
import { requestContent } from "@fairlead/server/fetch";
import type { Content } from "../contract/content.ts";
import { gatherContent } from "./gather-content.ts";
import { Problem } from "./problem.ts";
import { faultyRequest } from "./request-fault.ts";

/** Reads content as what it is, before a schema looks at it. `undefined` where there is none. */
export async function readContent(request: Request, content: Content, limitBytes: number): Promise<unknown> {
  const source = requestContent(request);
  if (source === undefined) return undefined;
  const bytes = await gatherContent(source, limitBytes);
  if (bytes.length === 0) return undefined;
  try {
    if (content.kind === "json") return readJson(bytes.toString("utf8"));
    throw new Problem(501);
  } catch (error) {
    throw error instanceof ContentError ? unreadable(error) : error;
  }
}

/** What cannot be read says so, and where; the rest of the error is for whoever receives content, not for who sent it. */
function unreadable({ message, remedy }: ContentError): Problem {
  return faultyRequest(400, [{ in: "body", detail: message.slice(0, -`; ${remedy}`.length) }]);
}
