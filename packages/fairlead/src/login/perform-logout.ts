import { logout } from "@fairlead/oauth";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { openExisting } from "../store/open.ts";
import { printable } from "../terminal/printable.ts";
import { openLoginClient } from "./client.ts";
import { forgetLogin, readLogins } from "./logins.ts";
import { openLoginManager } from "./manager.ts";
import type { LogoutPlan } from "./plan.ts";

/** Carries out `fairlead logout`: of each login, whatever becomes of the others. @returns the exit code. */
export async function performLogout(plan: LogoutPlan, surroundings: Surroundings): Promise<number> {
  const { stdout, signal } = surroundings;
  await using opened = await openExisting(plan.store, surroundings);
  const { store } = opened;
  const logins = readLogins(store, { issuer: plan.issuer?.href, account: plan.account });
  if (logins.length === 0) {
    stdout.write("Nobody is signed in.\n");
    return exitCodes.ok.code;
  }
  await using access = await openLoginManager(plan, store);
  const failures: unknown[] = [];
  for (const record of logins) {
    try {
      // It forgets first: what fails after that is the server's part.
      await logout(await openLoginClient(record, access.manager), { signal });
    } catch (error) {
      failures.push(error);
    }
    forgetLogin(store, record);
    const { host } = new URL(record.issuer);
    stdout.write(`Signed out at ${printable(record.account === "" ? host : `${host} (${record.account})`)}.\n`);
  }
  await store.flush();
  if (failures.length > 0) throw failures[0];
  return exitCodes.ok.code;
}
