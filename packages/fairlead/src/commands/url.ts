import { ArgumentsError, parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";

const usage = `Usage: fairlead url explain URL [OPTIONS]

Shows what a URL is shown as, so that nobody is deceived about whom it belongs
to, and why: its parts and which of them stands out, each label of its name in
Unicode or in punycode and for which rule, what is left out or stays encoded,
and what could be a deception. Nothing is requested.

      --visited SITE    a site that you visit, which others may not look like;
                        may be repeated
      --password        tell as of a page that asks for a password
      --json            print one JSON object`;

const specification = {
  options: { visited: { type: "values" }, password: { type: "flag" }, json: { type: "flag" } },
  positionals: ["ACTION", "URL"],
} as const;

/** The command `fairlead url`. */
export const url: Command = {
  usage,
  run: async (args, surroundings) => {
    const { options, positionals } = parseArguments(specification, args);
    const [action = "", text = ""] = positionals;
    if (action !== "explain") {
      throw new ArgumentsError(`there is no action ${JSON.stringify(action)}; there is explain`);
    }
    const { explainUrl } = await import("../url/explain-url.ts");
    return explainUrl(
      { text, visited: options.visited, hasPasswordField: options.password, json: options.json },
      surroundings,
    );
  },
};
