import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

/** WCAG 2.2 to level AA, and what is good practice beyond it. */
const RULES: readonly string[] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/** What an audit heeds. */
export interface AxeOptions {
  /** Rules that are not asked for by their axe-core name, each with a reason beside the call. */
  readonly without?: readonly string[];
}

/**
 * Looks for barriers to people who hear the page, or use its keyboard: a line for each element that axe-core objects to,
 * with the rule, the element and what is wrong; none in a page that is well.
 *
 * It runs in a world of its own beside the page's scripts, by the browser's protocol: the page's policy is neither in its
 * way nor weakened for it, and nothing of it is left in the page.
 */
export async function axeViolations(page: Page, { without = [] }: AxeOptions = {}): Promise<readonly string[]> {
  await using session = await page.context().newCDPSession(page).then(detached);
  const { frameTree } = await session.protocol.send("Page.getFrameTree");
  const { executionContextId } = await session.protocol.send("Page.createIsolatedWorld", {
    frameId: frameTree.frame.id,
    worldName: "axe",
  });
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await session.protocol.send("Runtime.evaluate", {
      expression,
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined)
      throw new Error(`axe-core failed: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result.value;
  };
  await evaluate(`${await axeSource()}; undefined`);
  const options: RunOptions = {
    runOnly: { type: "tag", values: [...RULES] },
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
    resultTypes: ["violations"],
  };
  // The expression asks for the violations of axe's own results.
  const violations = (await evaluate(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  )) as AxeResults["violations"];
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = "" }) => {
      const where = target.flat().join(" » ");
      return `${id}: ${where}: ${failureSummary.split("\n").slice(1).join(";").replaceAll(/\s+/g, " ").trim()}`;
    }),
  );
}

function axeSource(): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
}

type Session = Awaited<ReturnType<ReturnType<Page["context"]>["newCDPSession"]>>;

function detached(protocol: Session): { readonly protocol: Session } & AsyncDisposable {
  return { protocol, [Symbol.asyncDispose]: () => protocol.detach() };
}
