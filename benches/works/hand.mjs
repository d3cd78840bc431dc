// The three ways in which the hand-written builder is entered.

/**
 * @param {(params: object) => object} build maps, then JSON.stringify
 * @param {(params: object) => void} check refuses what crmlink refuses
 */
export function handWritten(build, check) {
  return {
    hand: { title: "hand-written", load: async () => build },
    handChecked: {
      title: "hand-written, with the same checks",
      load: async () => (params) => {
        check(params);
        return build(params);
      },
    },
    handText: {
      title: "hand-written, params as JSON text, with the same checks",
      takes: "text",
      load: async () => (text) => {
        const params = JSON.parse(text);
        check(params);
        return build(params);
      },
    },
  };
}
