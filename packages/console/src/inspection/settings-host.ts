import type { SettingsPage } from "../protocol/index.ts";

/** Opens managers by settings. */
export interface SettingsHost {
  /** How the manager that is looked at was opened, and what there is to choose from. */
  read(): SettingsPage | Promise<SettingsPage>;
  /**
   * Opens a manager by other settings in place of the one before.
   *
   * @param settings ConsoleSettings, as they came: nobody has looked at them.
   * @throws UsageError OPTION_INVALID for settings that cannot be; whatever opening a manager throws, and then all is as
   * before.
   */
  write(settings: unknown): Promise<SettingsPage>;
}
