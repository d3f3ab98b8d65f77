import { ArgumentsError, parseArguments } from "../arguments.ts";
import type { Command, CommandEntry } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { nearest } from "../suggestion.ts";

const usage = `Usage: fairlead help [COMMAND | exit-codes]

Explains a command, or what the exit codes mean.`;

/** The command `fairlead help`, about these commands. */
export function createHelp(commands: readonly CommandEntry[]): Command {
  return {
    usage,
    run: async (args, { stdout }) => {
      const [topic] = parseArguments({ options: {}, positionals: ["[TOPIC]"] }, args).positionals;
      stdout.write(`${await pageOf(topic, commands)}\n`);
      return exitCodes.ok.code;
    },
  };
}

async function pageOf(topic: string | undefined, commands: readonly CommandEntry[]): Promise<string> {
  if (topic === undefined) return overview(commands);
  if (topic === "exit-codes") return exitCodePage();
  const entry = commands.find(({ name }) => name === topic);
  if (entry !== undefined) return (await entry.load()).usage;
  const suggestion = nearest(topic, [...commands.map(({ name }) => name), "exit-codes"]);
  throw new ArgumentsError(
    `there is no topic ${JSON.stringify(topic)}${suggestion === undefined ? "" : `; did you mean ${suggestion}?`}`,
  );
}

/** The page that `fairlead --help` prints. */
export function overview(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return `Usage: fairlead COMMAND [OPTIONS]

A network stack for applications on Node.js, at work from the command line.

Commands:
${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join("\n")}

Options:
  -h, --help     print this page; after a command, the command's own
  -V, --version  print the version

Examples:
  fairlead get -v https://example.com/   a page, its hops, timing and TLS
  fairlead store show hsts               which hosts are known to want https
  fairlead help exit-codes               what a script can tell from them`;
}

function exitCodePage(): string {
  const rows = Object.values(exitCodes).map(({ code, meaning }) => `  ${code.toString().padStart(3)}  ${meaning}`);
  return `Exit codes of fairlead:

${rows.join("\n")}

An error is one line on standard error: what was done, with whom, what happened,
what mends it, and a code in brackets that never changes its name.`;
}
