/** The token of a connection, and how it is renewed: once for all operations that were refused with it. */
import { invalidInput } from "./error.js";

/** How to get a new token. */
export interface RenewOptions {
  /**
   * Gets a new access token when the vendor says that the one at hand is no longer good. Operations that run side by side
   * share one call of it, and what was refused is sent once more. While it throws, operations end as `unauthenticated`, and it
   * is called again half a minute later at the soonest.
   */
  renew?: () => string | Renewed | Promise<string | Renewed>;
}

/** A new access token. */
export interface Renewed {
  token: string;
  /** The account's origin from now on, where it has one of its own: the `instance_url` of Salesforce's token answer. */
  origin?: string;
}

/** The token of a connection. */
export class Token {
  readonly #first: Partial<Renewed>;
  #current: Partial<Renewed>;
  readonly #renew: RenewOptions["renew"];
  readonly #check: (renewed: Renewed) => void;
  #renewing: Promise<Renewed> | undefined;

  /** `check` throws for what are no token and no origin. */
  constructor(token: string | undefined, renew: RenewOptions["renew"], check: (renewed: Renewed) => void) {
    if (renew !== undefined && typeof renew !== "function") throw invalidInput("options.renew", "expected a function");
    this.#first = token === undefined ? {} : { token };
    this.#current = this.#first;
    this.#renew = renew;
    this.#check = check;
  }

  /** The token, and the origin that came with it. */
  get current(): Partial<Renewed> {
    return this.#current;
  }

  /** Whether it is the one that the connection was made with. */
  get isFirst(): boolean {
    return this.#current === this.#first;
  }

  get renewable(): boolean {
    return this.#renew !== undefined;
  }

  /** A token other than the one that was refused, which may be another operation's. */
  async instead(refused: string | undefined): Promise<Renewed> {
    const { token, origin } = this.#current;
    if (token !== undefined && token !== refused) return { token, ...(origin !== undefined && { origin }) };
    return (this.#renewing ??= this.#fetch());
  }

  async #fetch(): Promise<Renewed> {
    try {
      const renewed = read(await this.#renew!());
      this.#check(renewed);
      this.#renewing = undefined;
      // An origin stays until another one comes.
      this.#current = { ...this.#current, ...renewed };
      return renewed;
    } catch (error) {
      // A grant that is gone does not come back by asking for it: all that ask meanwhile hear the same.
      const timer: unknown = setTimeout(() => (this.#renewing = undefined), COOL_DOWN);
      (timer as { unref?(): void }).unref?.();
      throw error;
    }
  }
}

/** What `renew` answered: a text, or an object with a text. */
function read(answer: unknown): Renewed {
  const { token, origin } = typeof answer === "string" ? { token: answer } : ((answer ?? {}) as Partial<Renewed>);
  if (typeof token !== "string" || token === "") throw new TypeError("`renew` answered no token");
  if (origin === undefined) return { token };
  if (typeof origin !== "string" || origin === "") throw new TypeError("`renew` answered an origin that is no text");
  return { token, origin };
}

const COOL_DOWN = 30_000;
