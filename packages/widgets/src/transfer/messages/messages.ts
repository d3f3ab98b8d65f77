/** What downloads and uploads say. Text with values in it is a function, since languages order them differently. */
export interface TransferMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
}
