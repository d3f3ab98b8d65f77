/**
 * Preloaded into each test file: ends it when something keeps it alive long after its tests, and says what.
 *
 * The test runner's own timeout is for tests; a forgotten server would hang the whole run.
 */
const deadlineMilliseconds = 300_000;

setTimeout(() => {
  const active = process.getActiveResourcesInfo().filter((name) => name !== "PipeWrap" && name !== "Timeout");
  console.error(
    `still running after ${deadlineMilliseconds / 1000} s; kept alive by: ${active.join(", ") || "timers"}`,
  );
  process.exit(1);
}, deadlineMilliseconds).unref();
