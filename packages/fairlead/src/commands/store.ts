import type { Command, Surroundings } from "../command.ts";
import type { StoreActionName, StoreRequest } from "../store/request.ts";

const usage = `Usage: fairlead store list [OPTIONS]
       fairlead store show [COLLECTION] [OPTIONS]
       fairlead store forget [HOST|KEY] [--since TIME] [OPTIONS]
       fairlead store clear [COLLECTION] [OPTIONS]
       fairlead store copy FROM TO [OPTIONS]

Shows and forgets what was remembered. Values of cookies and TLS tickets are
secrets: they are never printed.

  list           the collections, and how much is in them
  show           their records: hsts (hosts known to want https), cookies,
                 credentials, permanent-redirects, tls-tickets and others
  forget         all that is remembered of one host, kept responses included, or
                 the record of one key
  clear          everything, kept responses included, or everything in one
                 collection; asks first
  copy           all records of one store into another, which is how a program
                 moves from a file to a database, and to a fleet

      --store URL  memory:, file:PATH or sqlite:PATH; by default the database in
                   your state directory
      --json       print JSON
      --yes        do not ask (clear, copy)`;

/** The command `fairlead store`. */
export const store: Command = {
  usage,
  run: async (args, surroundings) => {
    const { parseStoreRequest } = await import("../store/request.ts");
    const request = parseStoreRequest(args, surroundings.env, Date.now());
    const perform = await performers[request.action]();
    return perform(request, surroundings);
  },
};

type Perform = (request: StoreRequest, surroundings: Surroundings) => Promise<number>;

/** Each action is loaded when it is asked for. */
const performers: Readonly<Record<StoreActionName, () => Promise<Perform>>> = {
  list: async () => (await import("../store/list.ts")).list,
  show: async () => (await import("../store/show.ts")).show,
  forget: async () => (await import("../store/forget.ts")).forget,
  clear: async () => (await import("../store/clear.ts")).clear,
  copy: async () => (await import("../store/copy.ts")).copy,
};
