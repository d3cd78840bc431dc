// What the other files say of types, in types.

/** `true` when the two are the same type, and not just assignable. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles when its argument is `true`. */
export function holds<_Claim extends true>(): void {}
