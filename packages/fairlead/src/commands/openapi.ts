import type { Command } from "../command.ts";

const usage = `Usage: fairlead openapi import FILE [--output FILE] [--force]
       fairlead openapi check FILE

Makes contracts of OpenAPI documents (3.0 and 3.1, JSON or YAML): modules of
TypeScript for fairlead/rest, with schemas of zod. FILE '-' is standard input.
Nothing of a document is run, and nothing outside it is read.

  import         writes the contract, to standard output or to a file, and tells
                 on standard error what the contract does not say as the
                 document does
  check          says whether a contract can be made of it, and what it would
                 not say; exits with 13 where it is no document of OpenAPI

  -o, --output FILE
                 where the contract goes; '-' is standard output
      --force    replace FILE if it is there
      --json     print JSON, for programs (check)`;

/** The command `fairlead openapi`. */
export const openapi: Command = {
  usage,
  run: async (args, surroundings) => {
    const { parseOpenApiRequest } = await import("../openapi/request.ts");
    const request = parseOpenApiRequest(args);
    const { performOpenApi } = await import("../openapi/perform.ts");
    return performOpenApi(request, surroundings);
  },
};
