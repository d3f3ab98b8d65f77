import type { Command, Surroundings } from "../command.ts";
import type { StoreActionName, StoreRequest } from "../store/request.ts";

const usage = `Usage: fairlead store list [OPTIONS]
       fairlead store show [COLLECTION] [OPTIONS]
       fairlead store forget [HOST|KEY] [--since TIME] [--until TIME] [OPTIONS]
       fairlead store clear [COLLECTION] [OPTIONS]
       fairlead store export [FILE] [--format FORMAT] [--secrets] [OPTIONS]
       fairlead store import FILE [--format FORMAT] [OPTIONS]
       fairlead store copy FROM TO [--from-key PLACE] [--to-key PLACE]
       fairlead store check|repair [OPTIONS]
       fairlead store rotate-key [--new-key PLACE] [OPTIONS]

Shows, forgets, moves and guards what was remembered. Values of cookies and TLS
tickets are secrets: nothing but export --secrets gives them out.

  list           the collections, and how much is in them
  show           their records: hsts (hosts known to want https), cookies,
                 credentials, permanent-redirects, tls-tickets and others
  forget         all that is remembered of the site of a host (example.com and
                 all beneath it for www.example.com), kept responses included;
                 what was written since a time; or the record of one key
  clear          everything, kept responses included, or everything in one
                 collection; asks first
  export         to FILE, which nobody else can read, or to standard output;
                 secrets only with --secrets
  import         what export, curl or a browser wrote; '-' is standard input
  copy           all records of one store into another, which is how a program
                 moves from a file to a database, and to a fleet
  check          whether it is private, sound, encrypted, reachable; exits with
                 8 where something is wrong
  repair         takes rights from other users, saves what a damaged file holds
  rotate-key     encrypts all anew: with a new key in the keyring, or another

      --store URL  memory:, file:PATH, sqlite:PATH or redis://HOST (rediss: by
                   TLS); by default what FAIRLEAD_STORE names, which keeps a
                   password out of sight, or the database in your state
                   directory
      --store-key PLACE
                   where its key is: keyring, env:NAME or file:PATH (mode 0600);
                   a store that is plain is encrypted with it; by default
                   FAIRLEAD_STORE_KEY holds it, or the keyring is asked
      --json       print JSON, for programs
      --yes        do not ask (clear, copy); show secrets on a terminal (export)
      --since TIME, --until TIME
                   an age, such as 30m, 2h, 3d or 1w, or a date, such as
                   2026-11-21 or 2026-11-21T08:00
      --format FORMAT
                   json (everything; the default of export), netscape-cookies
                   (as curl, wget and exporters of browsers write them),
                   curl-hsts (as 'curl --hsts'); import finds out by itself
      --secrets    export cookies, tickets, credentials and tokens, too`;

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
  export: async () => (await import("../store/export.ts")).exportTo,
  import: async () => (await import("../store/import.ts")).importFrom,
  copy: async () => (await import("../store/copy.ts")).copy,
  check: async () => (await import("../store/check.ts")).check,
  repair: async () => (await import("../store/repair.ts")).repair,
  "rotate-key": async () => (await import("../store/rotate-key.ts")).rotateKey,
};
