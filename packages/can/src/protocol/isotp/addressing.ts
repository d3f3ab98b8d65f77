/** How the frames of one conversation are laid out. */
export interface IsoTpLayout {
  /** Bytes of the largest frame that is sent: 8 for CAN, or one of CAN FD's lengths above (TX_DL). */
  readonly frameBytes: number;
  /** With what frames are filled up to 8 bytes, or to a length that CAN FD has; `undefined` fills only where it must. */
  readonly padding: number | undefined;
  /** The byte before everything in extended and mixed addressing: of frames that are sent, and of those that are heard. */
  readonly addressByte: { readonly send: number; readonly receive: number } | undefined;
}

/** Bytes that the address takes in each frame. */
export function addressBytes({ addressByte }: IsoTpLayout): 0 | 1 {
  return addressByte === undefined ? 0 : 1;
}
