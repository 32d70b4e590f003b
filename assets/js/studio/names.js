/* What a formula may read at an element, and the functions it may call, for the FEEL editor. */
import { FeelLanguageContext } from "@bpmn-io/properties-panel";
import { h } from "@bpmn-io/properties-panel/preact";

/**
 * Make the module that knows names; they are asked of the server once an element and saved text.
 *
 * @param {{address: string, revision: () => number}} settings the address takes the element's id in its query
 */
export function naming({ address, revision }) {
  const asked = new Map();
  let stamp = 0;
  const getVariablesForElement = async (bo) => {
    if (stamp !== revision()) asked.clear();
    stamp = revision();
    if (!asked.has(bo.id)) asked.set(bo.id, fetchNames(`${address}&element=${encodeURIComponent(bo.id)}`));
    return asked.get(bo.id);
  };
  return { variableResolver: ["value", { getVariablesForElement }] };
}

async function fetchNames(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).names : [];
  } catch {
    return [];
  }
}

/**
 * Offer our functions instead of those of another engine: the panel itself has no setting for it.
 *
 * @param {object[]} functions
 */
export function offerFunctions(functions) {
  const { Provider } = FeelLanguageContext;
  FeelLanguageContext.Provider = ({ value, ...rest }) =>
    h(Provider, { ...rest, value: { ...value, builtins: functions } });
}
