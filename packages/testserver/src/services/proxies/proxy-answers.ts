import { type ServerResponse, STATUS_CODES } from "node:http";
import { NotAllowed, type Unreachable, whyUnreachable } from "./reach.ts";

/** Answers for a target that was not reached. */
export function answerFailure(response: ServerResponse, error: unknown): void {
  const answers: Readonly<Record<Unreachable, readonly [status: number, line: string]>> = {
    "not-allowed": [403, error instanceof NotAllowed ? error.message : ""],
    refused: [502, "the target refused the connection"],
    unreachable: [504, "the target cannot be reached"],
  };
  const [status, line] = answers[whyUnreachable(error)];
  if (response.headersSent) response.destroy();
  else answerLine(response, status, line);
}

/** Answers with one line of text. */
export function answerLine(response: ServerResponse, status: number, line: string): void {
  response.statusMessage = STATUS_CODES[status] ?? "";
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.setHeader("content-length", line.length + 1);
  response.writeHead(status);
  response.end(`${line}\n`);
}
