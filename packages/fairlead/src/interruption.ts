import { exitCodes, type ExitName } from "./exit-codes.ts";

/** What can end a command before its work is done. */
export type InterruptionName = Extract<ExitName, "hangUp" | "interrupt" | "brokenPipe" | "terminate">;

/** Why a command ends before its work is done. Whoever wanted it knows, so nothing is printed. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly exitCode: number;

  constructor(by: InterruptionName) {
    super(exitCodes[by].meaning);
    this.exitCode = exitCodes[by].code;
  }
}
