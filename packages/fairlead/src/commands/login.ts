import type { Command } from "../command.ts";

const usage = `Usage: fairlead login ISSUER [OPTIONS]

Signs you in at an authorization server (OAuth 2, OpenID Connect), by your
browser on this machine or by another device. The tokens are kept encrypted in
the store, are renewed when they expire, and go with each 'fairlead get' to the
origins of --for, and to no other.

      --client-id ID    what the server knows this program as; without it the
                        program registers itself, where the server lets it
      --client-secret-file FILE
                        its secret, if it has one, in a file that nobody else
                        can read; it cannot be given in another way
      --scope SCOPE     what to ask for, one or several with spaces between;
                        may be repeated; openid and offline_access are not
                        asked for by themselves
      --for ORIGIN      send the token to https://HOST[:PORT]; may be repeated
      --account NAME    sign in beside other accounts, by a name of your own
      --device          show a code to type in on another device
      --no-browser      only print the address to open
      --timeout SECONDS how long signing in may take; 300 by default

      --store URL       where the tokens are kept: file:PATH, sqlite:PATH or
                        redis://HOST; by default what FAIRLEAD_STORE names, or
                        the database in your state directory
      --store-key PLACE where its key is: keyring, env:NAME or file:PATH, which
                        is made where there is none. A store that is plain is
                        encrypted; by default FAIRLEAD_STORE_KEY holds the key,
                        or the keyring makes one
      --cacert FILE     trust the certificates of this PEM file, and no others
      --resolve HOST:ADDRESS
                        connect to this address for the host; may be repeated

'fairlead logout' ends it, 'fairlead store show oauth-logins' lists it.`;

/** The command `fairlead login`. */
export const login: Command = {
  usage,
  run: async (args, surroundings) => {
    const { planLogin } = await import("../login/plan.ts");
    const plan = planLogin(args, surroundings.env);
    const { performLogin } = await import("../login/perform-login.ts");
    return performLogin(plan, surroundings);
  },
};
