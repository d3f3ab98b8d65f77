import type { DescribedFamily } from "@fairlead/testserver";
import { ArgumentsError, parseArguments } from "../arguments.ts";
import { exitCodes } from "../exit-codes.ts";
import { nearest } from "../suggestion.ts";
import { type Paint, paintFor } from "../terminal/style.ts";
import { widthOf, wrap } from "../terminal/width.ts";
import type { TestServerAction } from "./action.ts";

const specification = { options: { json: { type: "flag" } }, positionals: ["[WHAT]"] } as const;

/** Lists every service, endpoint and fault, or those that are asked for, in one line each, without starting any. */
export const list: TestServerAction = async (args, { stdout }) => {
  const { options, positionals } = parseArguments(specification, args);
  const { describeFamilies } = await import("@fairlead/testserver");
  const [wanted] = positionals;
  const families = wanted === undefined ? describeFamilies() : choose(describeFamilies(), wanted);
  if (options.json) stdout.write(`${JSON.stringify(families, null, 2)}\n`);
  else {
    // Who searches in it finds whole lines.
    const width = stdout.columns === undefined ? Number.POSITIVE_INFINITY : widthOf(stdout);
    const lines = formatFamilies(families, { width, paint: paintFor(stdout) });
    stdout.write(lines.map((line) => `${line}\n`).join(""));
  }
  return exitCodes.ok.code;
};

/** Whatever is called by the name: a kind, families, members of several families; or else has it in its name. */
function choose(all: readonly DescribedFamily[], wanted: string): readonly DescribedFamily[] {
  const chosen = all.flatMap((family) => {
    if (family.of === wanted || family.name === wanted) return [family];
    const members = family.members.filter(({ name }) => name === wanted || pathOf(name) === wanted);
    return members.length === 0 ? [] : [{ ...family, members }];
  });
  if (chosen.length > 0) return chosen;
  const alike = all.flatMap((family) => {
    const members = wanted.length < 3 ? [] : family.members.filter(({ name }) => name.includes(wanted));
    return members.length === 0 ? [] : [{ ...family, members }];
  });
  if (alike.length > 0) return alike;
  const names = all.flatMap(({ of, name, members }) => [of, name, ...members.map((member) => pathOf(member.name))]);
  const suggestion = nearest(wanted, names);
  const hint = suggestion === undefined ? "; list without it shows all" : `; did you mean ${suggestion}?`;
  throw new ArgumentsError(`no service, endpoint, fault or family is called ${JSON.stringify(wanted)}${hint}`);
}

/** What is behind a `?` is documentation. */
function pathOf(name: string): string {
  return name.replace(/\?.*$/, "");
}

/** A name that is longer has its line below it. */
const widestName = 34;

function formatFamilies(
  families: readonly DescribedFamily[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  return families.flatMap(({ of, name: family, line, members }, index) => {
    const widest = Math.max(...members.map(({ name }) => name.length).filter((length) => length <= widestName), 0);
    const indent = " ".repeat(widest + 4);
    return [
      ...(index === 0 ? [] : [""]),
      ...wrap(`${paint("heading", family)}: ${of} that ${line}`, width),
      ...members.flatMap(({ name, does }) => {
        const title = `  ${paint("name", name)}`;
        const [first = "", ...more] = wrap(does, width - indent.length, "").map((text) => indent + text);
        if (name.length > widest) return [title, first, ...more];
        return [title + first.slice(name.length + 2), ...more];
      }),
    ];
  });
}
