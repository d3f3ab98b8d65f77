/** As much of Electron as the examples of docs/guide use: its own types come with 200 MB of Chromium. */
declare module "electron" {
  interface QuitEvent {
    preventDefault(): void;
  }

  export const app: {
    getPath(name: "userData"): string;
    on(event: "will-quit", listener: (event: QuitEvent) => void): void;
    quit(): void;
    requestSingleInstanceLock(): boolean;
    whenReady(): Promise<void>;
  };

  export interface BrowserWindow {
    readonly webContents: { send(channel: string, ...args: readonly unknown[]): void };
  }
  export const BrowserWindow: { getAllWindows(): BrowserWindow[] };

  export const dialog: {
    showMessageBox(options: {
      message: string;
      detail?: string;
      buttons?: string[];
      defaultId?: number;
      cancelId?: number;
    }): Promise<{ response: number }>;
  };

  export const ipcMain: {
    handle(channel: string, listener: (event: unknown, ...args: unknown[]) => unknown): void;
    once(channel: string, listener: (event: unknown, answer: unknown) => void): void;
  };

  export const protocol: {
    handle(scheme: string, handler: (request: Request) => Response | Promise<Response>): void;
  };
}
