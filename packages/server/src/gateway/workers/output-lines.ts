import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** Characters of a line, at the most: what is longer is told in pieces. */
const LINE_LIMIT = 8_192;

/** Tells each line of a program's output, without what would move a terminal's cursor. */
export function readLines(output: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const tell = (line: string): void => {
    onLine(line.replace(/\r$/, "").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, " "));
  };
  output.on("data", (bytes: Buffer) => {
    const lines = (rest + decoder.write(bytes)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) tell(line);
    while (rest.length >= LINE_LIMIT) {
      tell(rest.slice(0, LINE_LIMIT));
      rest = rest.slice(LINE_LIMIT);
    }
  });
  output.on("end", () => {
    if (rest !== "") tell(rest);
  });
  // What cannot be read of it is not said.
  output.on("error", () => undefined);
}
