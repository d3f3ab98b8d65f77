import { ArgumentsError, parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { nearest } from "../suggestion.ts";

const usage = `Usage: fairlead store list [OPTIONS]
       fairlead store show [COLLECTION] [OPTIONS]
       fairlead store forget HOST|KEY [OPTIONS]
       fairlead store clear [COLLECTION] [OPTIONS]

Shows and forgets what was remembered. Values of cookies and TLS tickets are
secrets: they are never printed.

  list           the collections, and how much is in them
  show           their records: hsts (hosts known to want https), cookies,
                 credentials, permanent-redirects, tls-tickets and others
  forget         all that is remembered of one host, kept responses included, or
                 the record of one key
  clear          everything, kept responses included, or everything in one
                 collection; asks first

      --store URL  memory:, file:PATH or sqlite:PATH; by default the database in
                   your state directory
      --json       print JSON (list, show)
      --yes        do not ask (clear)`;

const specification = {
  options: { store: { type: "value" }, json: { type: "flag" }, yes: { type: "flag" } },
  positionals: ["ACTION", "[NAME]"],
} as const;

const actions = ["list", "show", "forget", "clear"] as const;

/** The command `fairlead store`. */
export const store: Command = {
  usage,
  run: async (args, surroundings) => {
    const { options, positionals } = parseArguments(specification, args);
    const [typed = "", name] = positionals;
    const action = actions.find((known) => known === typed);
    if (action === undefined) throw new ArgumentsError(unknownAction(typed));
    if (action === "list" && name !== undefined) throw new ArgumentsError("list takes no name; show does");
    if (action === "forget" && name === undefined) throw new ArgumentsError("forget needs a host or a key");
    if (options.yes && action !== "clear") throw new ArgumentsError(`${action} takes no --yes`);
    if (options.json && action !== "list" && action !== "show") throw new ArgumentsError(`${action} takes no --json`);

    const { defaultStoreUrl } = await import("../state-directory.ts");
    const { runStoreAction } = await import("../store/actions.ts");
    const storeUrl = options.store ?? defaultStoreUrl(surroundings.env);
    return runStoreAction({ action, name, storeUrl, json: options.json, yes: options.yes }, surroundings);
  },
};

function unknownAction(typed: string): string {
  const suggestion = nearest(typed, actions);
  const hint = suggestion === undefined ? "; there are list, show, forget and clear" : `; did you mean ${suggestion}?`;
  return `there is no action ${JSON.stringify(typed)}${hint}`;
}
