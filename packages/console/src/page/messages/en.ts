import { body } from "../body/messages/en.ts";
import { downloads } from "../downloads/messages/en.ts";
import { memory } from "../memory/messages/en.ts";
import { questions } from "../questions/messages/en.ts";
import { requests } from "../requests/messages/en.ts";
import { settings } from "../settings/messages/en.ts";
import { shell } from "../shell/messages/en.ts";
import { testNetwork } from "../test-network/messages/en.ts";
import { transaction } from "../transaction/messages/en.ts";
import type { ConsoleMessages } from "./messages.ts";

/** The console in English. */
export const consoleEnglish: ConsoleMessages = {
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
