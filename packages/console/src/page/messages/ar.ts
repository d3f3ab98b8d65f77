import { body } from "../body/messages/ar.ts";
import { downloads } from "../downloads/messages/ar.ts";
import { memory } from "../memory/messages/ar.ts";
import { questions } from "../questions/messages/ar.ts";
import { requests } from "../requests/messages/ar.ts";
import { settings } from "../settings/messages/ar.ts";
import { shell } from "../shell/messages/ar.ts";
import { testNetwork } from "../test-network/messages/ar.ts";
import { transaction } from "../transaction/messages/ar.ts";
import type { ConsoleMessages } from "./messages.ts";

/** The console in Arabic. */
export const consoleArabic: ConsoleMessages = {
  shell,
  requests,
  transaction,
  body,
  memory,
  downloads,
  testNetwork,
  settings,
  questions,
};
