import type { BodyMessages } from "../body/messages/messages.ts";
import type { DownloadsMessages } from "../downloads/messages/messages.ts";
import type { MemoryMessages } from "../memory/messages/messages.ts";
import type { QuestionsMessages } from "../questions/messages/messages.ts";
import type { RequestsMessages } from "../requests/messages/messages.ts";
import type { SettingsMessages } from "../settings/messages/messages.ts";
import type { ShellMessages } from "../shell/messages/messages.ts";
import type { TestNetworkMessages } from "../test-network/messages/messages.ts";
import type { TransactionMessages } from "../transaction/messages/messages.ts";

/** All words of the console's page in one language, beside those of the widgets. */
export interface ConsoleMessages {
  readonly shell: ShellMessages;
  readonly requests: RequestsMessages;
  readonly transaction: TransactionMessages;
  readonly body: BodyMessages;
  readonly memory: MemoryMessages;
  readonly downloads: DownloadsMessages;
  readonly testNetwork: TestNetworkMessages;
  readonly settings: SettingsMessages;
  readonly questions: QuestionsMessages;
}
