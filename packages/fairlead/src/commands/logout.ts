import type { Command } from "../command.ts";

const usage = `Usage: fairlead logout [ISSUER] [OPTIONS]

Forgets the tokens of 'fairlead login', of one authorization server or of all,
and has the server take them no longer, where it can do that. What cannot be
revoked is forgotten all the same, and told.

      --account NAME    of this account alone
      --store URL       where they are kept; by default as for 'fairlead login'
      --store-key PLACE where its key is: keyring, env:NAME or file:PATH
      --cacert FILE     trust the certificates of this PEM file, and no others
      --resolve HOST:ADDRESS
                        connect to this address for the host; may be repeated`;

/** The command `fairlead logout`. */
export const logout: Command = {
  usage,
  run: async (args, surroundings) => {
    const { planLogout } = await import("../login/plan.ts");
    const plan = planLogout(args, surroundings.env);
    const { performLogout } = await import("../login/perform-logout.ts");
    return performLogout(plan, surroundings);
  },
};
