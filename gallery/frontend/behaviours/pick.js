import { near } from "../near.js"
import { oneStop } from "../picking/stops.js"

const KEYS = /^(Arrow.+|Home|End|Delete|[xX ])$/ // what picking/keyboard.js knows, but for all of a month

/** Let photos be chosen; what chooses them is loaded when somebody comes near, or where some are chosen: a tick is one without it. */
export function pick(form) {
  if (!form.querySelector("[data-picked]")) return
  oneStop(form)
  const begin = near("[data-pick]", async () => (await import("../picking/pick.js")).pick(form), ".tile a", KEYS)
  if (history.state?.picked || form.querySelector(".tick :checked")) begin()
}
