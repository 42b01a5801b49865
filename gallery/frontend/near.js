const SIGNS = ["pointerover", "focusin"]
const FINGER = ["pointerdown", "pointerup", "pointercancel"]
const ACTS = ["click", "keydown"]

/**
 * Load what is for elements of a selector when somebody first comes near one; call what this returns to load it at once.
 *
 * A click on `meant`, and one of the `keys` there, that come too early are held, and then done. A finger that rests is told of once more.
 */
export function near(selector, load, meant, keys) {
  const all = [...SIGNS, ...FINGER, ...ACTS]
  const early = []
  let loading
  const begin = () => (loading ??= load().finally(end))

  function come(event) {
    const { type, target, key, altKey, ctrlKey, metaKey } = event
    if (!target.closest?.(selector)) return
    begin()
    if (FINGER.includes(type)) early.push(event)
    if (!ACTS.includes(type) || altKey || ctrlKey || metaKey || (key && !keys?.test(key)) || !target.closest(meant)) return
    early.push(event)
    event.preventDefault()
    event.stopPropagation()
  }

  /** Where it did not come, the page does what it does without. */
  function end() {
    for (const type of all) removeEventListener(type, come, true)
    for (const event of early) event.target.dispatchEvent(new event.constructor(event.type, event))
  }

  for (const type of all) addEventListener(type, come, true)
  return begin
}
