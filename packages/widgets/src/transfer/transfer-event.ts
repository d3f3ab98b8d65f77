import type { TransferAction } from "./transfer-facts.ts";

/** A person asks for something to be done with a transfer. The host application does it, and gives the new facts. */
export class FairleadTransferEvent extends Event {
  readonly action: TransferAction;
  /** Of the transfer. */
  readonly transferId: string;

  constructor(action: TransferAction, transferId: string) {
    super("fairlead-transfer", { bubbles: true, composed: true });
    this.action = action;
    this.transferId = transferId;
  }
}

declare global {
  interface HTMLElementEventMap {
    "fairlead-transfer": FairleadTransferEvent;
  }
}
