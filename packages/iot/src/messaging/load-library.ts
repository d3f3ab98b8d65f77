import { UsageError } from "@fairlead/core";

/**
 * Loads a library that the application installs by itself.
 *
 * @throws UsageError PACKAGE_MISSING
 */
export async function loadLibrary<Library>(name: string, load: () => Promise<Library>): Promise<Library> {
  try {
    return await load();
  } catch (cause) {
    const remedy = `npm install ${name}`;
    throw new UsageError("PACKAGE_MISSING", { operation: "connect", detail: name, remedy, cause });
  }
}
