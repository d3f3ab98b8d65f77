import type { Surroundings } from "../command.ts";

/** One action of `fairlead testserver`: takes the arguments behind its name, returns the exit code. */
export type TestServerAction = (args: readonly string[], surroundings: Surroundings) => Promise<number>;
