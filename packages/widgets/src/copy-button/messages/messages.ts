/** What a button that copies says. */
export interface CopyButtonMessages {
  /** @param label what is copied: `SHA-256`. */
  readonly copy: (label: string) => string;
  readonly copied: string;
  /** The page may not write to the clipboard; what is to be copied is selected. */
  readonly refused: string;
}
