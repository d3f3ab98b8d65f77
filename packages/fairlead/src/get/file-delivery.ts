import type { DownloadOptions, NetworkAccessManager, RequestOptions } from "@fairlead/access";
import type { Output } from "../command.ts";
import type { Answer } from "./answer.ts";
import type { GetPlan } from "./plan.ts";
import { ProgressBar } from "./progress-bar.ts";

/** Downloads to the file of a plan, and shows on a terminal how far that has come. */
export async function downloadAnswer(
  manager: NetworkAccessManager,
  url: URL,
  file: string,
  plan: GetPlan,
  request: RequestOptions,
  stderr: Output,
): Promise<Answer> {
  const bar = stderr.isTTY === true ? new ProgressBar(stderr) : undefined;
  const options: DownloadOptions = {
    ...request,
    ...plan.download,
    // An error's page is a response like any other: `--fail` tells them apart.
    acceptStatus: () => true,
    ...(bar && {
      onProgress: (progress): void => {
        bar.update(progress.receivedBytes, progress.totalBytes, progress.resumedFromBytes);
      },
    }),
  };
  try {
    const result = await manager.download(url, file, options);
    const { bytes, resumedFromBytes, digests, status, headers, transactions } = result;
    return {
      url: result.url,
      status,
      headers,
      hops: transactions.flatMap(({ hops }) => hops),
      body: {
        bytes,
        file,
        ...(resumedFromBytes > 0 && { resumedFromBytes }),
        ...(Object.keys(digests).length > 0 && { digests }),
      },
    };
  } finally {
    bar?.clear();
  }
}
