import { ArgumentsError, parseArguments } from "../arguments.ts";
import { nearest } from "../suggestion.ts";

/** What `fairlead openapi` is asked for. */
export type OpenApiRequest =
  | { readonly action: "import"; readonly file: string; readonly output: string; readonly force: boolean }
  | { readonly action: "check"; readonly file: string; readonly json: boolean };

const ACTIONS = ["import", "check"];

/**
 * Reads the arguments.
 *
 * @throws ArgumentsError
 */
export function parseOpenApiRequest([action = "", ...args]: readonly string[]): OpenApiRequest {
  switch (action) {
    case "import": {
      const options = { output: { type: "value", short: "o" }, force: { type: "flag" } } as const;
      const { options: given, positionals } = parseArguments({ options, positionals: ["FILE"] }, args);
      return { action, file: positionals[0] ?? "-", output: given.output ?? "-", force: given.force };
    }
    case "check": {
      const options = { json: { type: "flag" } } as const;
      const { options: given, positionals } = parseArguments({ options, positionals: ["FILE"] }, args);
      return { action, file: positionals[0] ?? "-", json: given.json };
    }
    default: {
      if (action === "") throw new ArgumentsError("an action is missing: import or check");
      const suggestion = nearest(action, ACTIONS);
      const meant = suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
      throw new ArgumentsError(`there is no action ${JSON.stringify(action)}${meant}`);
    }
  }
}
