import type { Command } from "../command.ts";

const usage = `Usage: fairlead console [OPTIONS] [URL]

Serves a page, on this machine alone, on which you see what a network access
manager does: requests with their hops, certificates and timing, what it
remembers, downloads, questions that it asks. An address bar requests URLs; URL
is the first. Its address holds a token: whoever has it can do what you can.
Opens a browser where there is one. Ctrl-C ends it.

  -p, --port PORT       of the page; by default the system chooses
      --no-open         open no browser, and print the address only
      --attach PATH     look at another program instead, by the Unix socket that
                        it offers (offerInspection of @fairlead/console)
      --test-network    run the test network beside it, to try things with; its
                        authority is trusted, and its names are found, by this
                        console only
      --downloads DIR   where downloads go; by default the current directory

      --store URL       what is remembered, and where, as 'fairlead get' has it
      --store-key PLACE its key
      --cacert FILE     trust the certificates of this PEM file, and no others
      --cert FILE       a certificate that may be chosen when a server asks
      --key FILE        its private key, unless FILE of --cert holds it too
      --tls-backend NAME
                        do TLS by node (the default), openssl or gnutls
      --proxy URL       go through this proxy; may be repeated
      --no-proxy        go straight, whatever the environment says
      --fetch-intermediates
                        fetch issuers that a server does not send
      --resolve HOST:ADDRESS
                        connect to this address for the host; may be repeated
      --show-secrets    show credentials, cookies and tokens as they are`;

/** The command `fairlead console`. */
export const consoleCommand: Command = {
  usage,
  run: async (args, surroundings) => {
    const { planConsole } = await import("../console/plan.ts");
    const plan = planConsole(args, surroundings.env);
    const { runConsole } = await import("../console/run.ts");
    return runConsole(plan, surroundings);
  },
};
