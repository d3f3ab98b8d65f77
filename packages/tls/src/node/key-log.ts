/** Takes lines of a key log as node:tls gives them. */
export function keyLogLines(onKeyLog: (line: string) => void): (line: Buffer) => void {
  return (line) => {
    onKeyLog(line.toString("latin1").trimEnd());
  };
}
