import { parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";

const usage = `Usage: fairlead tour

Starts a network of test servers on loopback and makes nine requests in it,
each from a process of its own, so that only the store connects them. Shows for
each what every hop was and what it cost, and checks that it is so, also with
the servers' own log: exit code 1 when a step did not behave.

It needs no network and leaves nothing behind.`;

/** The command `fairlead tour`. */
export const tour: Command = {
  usage,
  run: async (args, surroundings) => {
    parseArguments({ options: {}, positionals: [] }, args);
    const { takeTour } = await import("../tour/take-tour.ts");
    return takeTour(surroundings);
  },
};
