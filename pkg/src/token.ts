/** The token of a connection, and how it is renewed: once for all operations that were refused with it. */
import { invalidInput } from "./error.js";

/** How to get a new token. */
export interface RenewOptions {
  /**
   * Gets a new access token when the vendor says that the one at hand is no longer good. Operations that run side by side
   * share one call of it, and what was refused is sent once more. While it throws, operations end as `unauthenticated`, and it
   * is called again half a minute later at the soonest.
   */
  renew?: () => string | Promise<string>;
}

/** The token of a connection. */
export class Token {
  #current: string | undefined;
  readonly #renew: RenewOptions["renew"];
  readonly #check: (token: string) => void;
  #renewing: Promise<string> | undefined;

  /** `check` throws for a text that is no token. */
  constructor(token: string | undefined, renew: RenewOptions["renew"], check: (token: string) => void) {
    if (renew !== undefined && typeof renew !== "function") throw invalidInput("options.renew", "expected a function");
    this.#current = token;
    this.#renew = renew;
    this.#check = check;
  }

  get current(): string | undefined {
    return this.#current;
  }

  get renewable(): boolean {
    return this.#renew !== undefined;
  }

  /** A token other than the one that was refused, which may be another operation's. */
  async instead(refused: string | undefined): Promise<string> {
    if (this.#current !== undefined && this.#current !== refused) return this.#current;
    return (this.#renewing ??= this.#fetch());
  }

  async #fetch(): Promise<string> {
    try {
      const token: unknown = await this.#renew!();
      if (typeof token !== "string" || token === "") throw new TypeError("`renew` answered no token");
      this.#check(token);
      this.#renewing = undefined;
      return (this.#current = token);
    } catch (error) {
      // A grant that is gone does not come back by asking for it: all that ask meanwhile hear the same.
      const timer: unknown = setTimeout(() => (this.#renewing = undefined), COOL_DOWN);
      (timer as { unref?(): void }).unref?.();
      throw error;
    }
  }
}

const COOL_DOWN = 30_000;
